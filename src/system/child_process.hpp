#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "rellama/stop.hpp"

namespace rellama::system {

/// How a child process ended.
struct ChildEnd {
  enum class Way { exited, killed, timed_out };
  Way way = Way::exited;
  int number = 0;  ///< the exit status, or the signal

  [[nodiscard]] bool succeeded() const { return way == Way::exited && number == 0; }
};

/// For a message: "exit status 1".
[[nodiscard]] std::string describe(const ChildEnd& end);

/// What a command printed on its standard output, and how it ended.
struct CapturedOutput {
  std::string output;
  ChildEnd end;
};

/// Runs `command` with /bin/sh -c and captures up to 64 KiB of its output. Its standard error is
/// ours. So is its standard input if that is a terminal; otherwise it is empty, because what is
/// piped to rellama is not meant for the command. REPLICATE_API_TOKEN and RELLAMA_GATEWAY_HEADER
/// are removed from its environment. After `limit`, and when `stop` is requested, it is killed with
/// the processes it has started, except where it shares a terminal with us. Throws Error: internal
/// if no process can be started, or why `stop` was requested.
[[nodiscard]] CapturedOutput capture_output(const std::string& command,
                                            std::chrono::milliseconds limit,
                                            const StopToken& stop = {});

/// Whether there is a terminal to run a child process on.
[[nodiscard]] bool has_terminal();

/// Runs `command` with /bin/sh -c and `arguments`, on the terminal even if our own standard streams
/// are redirected. Without a terminal, its standard output goes to our standard error. Ctrl-C
/// reaches only the command. Any other `stop` ends it. Throws Error: internal if no process can be
/// started, or why `stop` was requested.
ChildEnd run_on_terminal(const std::string& command, const std::vector<std::string>& arguments,
                         const StopToken& stop = {});

}  // namespace rellama::system
