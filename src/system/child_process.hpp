#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace rellama::system {

/// How a child process ended.
struct ChildEnd {
  enum class Way { exited, killed, timed_out };
  Way way = Way::exited;
  int number = 0;  ///< the exit status, or the signal

  [[nodiscard]] bool succeeded() const { return way == Way::exited && number == 0; }
};

/// For a message: "it ended with status 1".
[[nodiscard]] std::string describe(const ChildEnd& end);

/// What a command printed on its standard output, and how it ended.
struct CapturedOutput {
  std::string output;
  ChildEnd end;
};

/// Runs `command` by /bin/sh -c for its output, of which at most 64 KiB are kept. Its standard
/// error is ours; its standard input is ours if that is a terminal, otherwise empty: what is piped
/// to rellama is not for it. Its environment is without REPLICATE_API_TOKEN. After `limit` it is
/// ended. Throws Error (internal) if no process can be started.
[[nodiscard]] CapturedOutput capture_output(const std::string& command,
                                            std::chrono::milliseconds limit);

/// Whether there is a terminal that a child process can be run on.
[[nodiscard]] bool has_terminal();

/// Runs `command` by /bin/sh -c with `arguments` behind it, on the terminal even if our own
/// standard streams lead elsewhere; without a terminal, its standard output goes to our standard
/// error. Ctrl-C is meanwhile for it alone. Throws Error (internal) if no process can be started.
ChildEnd run_on_terminal(const std::string& command, const std::vector<std::string>& arguments);

}  // namespace rellama::system
