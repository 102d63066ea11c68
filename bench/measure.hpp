#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace rellama::bench {

/// A command line, run without a shell.
struct Command {
  std::string name;
  std::vector<std::string> words;
  std::map<std::string, std::string> environment;
};

/// The medians of many runs of a command and of the children it waited for.
struct Cost {
  double wall_ms = 0;
  double cpu_ms = 0;  ///< user and system
  double peak_mib = 0;
};

/// Runs the commands in turns, their output thrown away, so that whatever else the machine does
/// meets all of them, and gives the cost of each. Throws std::runtime_error if one fails.
[[nodiscard]] std::vector<Cost> measure(const std::vector<Command>& commands, int rounds);

/// Starts a command with its output in `output`. Throws std::runtime_error.
[[nodiscard]] pid_t start(const Command& command, int output);

/// The middle one.
[[nodiscard]] double median(std::vector<double> values);

}  // namespace rellama::bench
