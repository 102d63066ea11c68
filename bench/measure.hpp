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
  /// Gives the text in what the command printed, which has to be the same for all that are measured
  /// together; unset: what it printed is not looked at.
  std::function<std::string(const std::string&)> decode = {};
  int exit_code = 0;  ///< the one that it must end with
};

/// One run of a command and of the children it waited for.
struct Cost {
  double wall_ms = 0;
  double first_ms = 0;  ///< from its start to its first output
  double cpu_ms = 0;    ///< user and system
  double peak_mib = 0;
};

/// Runs the commands in turns, so that whatever else the machine does meets all of them, and gives
/// the runs of each. Throws std::runtime_error if one fails or prints another text than the first.
[[nodiscard]] std::vector<std::vector<Cost>> measure(const std::vector<Command>& commands,
                                                     int rounds);

/// Starts a command with its output in `output`. Throws std::runtime_error.
[[nodiscard]] pid_t start(const Command& command, int output);

/// One quantity of several runs.
[[nodiscard]] std::vector<double> values_of(const std::vector<Cost>& runs, double Cost::*quantity);

}  // namespace rellama::bench
