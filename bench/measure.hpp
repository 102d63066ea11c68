#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rellama::bench {

/// A command line, run without a shell.
struct Command {
  std::string name;
  std::vector<std::string> words;
  std::map<std::string, std::string> environment;
  /// Extracts the answer's text from the output. It must be the same for all commands measured
  /// together. Unset: the output is ignored.
  std::function<std::string(const std::string&)> decode = {};
  int exit_code = 0;  ///< the expected exit code
};

/// The cost of one run of a command, including the children it waited for.
struct Cost {
  double wall_ms = 0;
  double first_ms = 0;  ///< from its start to its first output
  double cpu_ms = 0;    ///< user and system
  double peak_mib = 0;
};

/// Runs the commands in alternation, so that other load affects all of them, and returns the runs
/// of each. Throws std::runtime_error if one fails or its text differs from the first command's.
[[nodiscard]] std::vector<std::vector<Cost>> measure(const std::vector<Command>& commands,
                                                     int rounds);

/// Starts a command with its output in `output`. Throws std::runtime_error.
[[nodiscard]] pid_t start(const Command& command, int output);

/// One quantity of several runs.
[[nodiscard]] std::vector<double> values_of(const std::vector<Cost>& runs, double Cost::*quantity);

}  // namespace rellama::bench
