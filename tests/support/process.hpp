#pragma once

#include <sys/types.h>

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::test {

/// How to start a program.
struct Launch {
  std::string program;
  std::vector<std::string> arguments = {};
  std::map<std::string, std::string> environment = {};  ///< complete: nothing is inherited
  std::optional<std::string> input = {};                ///< for stdin; absent: /dev/null
  bool on_terminal = false;  ///< all three streams on a pseudo-terminal of 24 lines, 80 columns
  /// With `on_terminal`: stdout is a pipe anyway.
  bool pipe_output = false;
  std::string output_file = {};  ///< stdout goes there instead
  /// If set, stdout is the smallest pipe there is, with room for this many bytes.
  std::optional<std::size_t> output_room = {};
};

/// What a program did.
struct Outcome {
  int exit_code = -1;  ///< the negative signal number, if one killed it
  std::string out;     ///< stdout
  std::string err;     ///< stderr, or what the pseudo-terminal showed
};

/// A running program. Reading has no timeout: the test runner ends tests that hang.
class Process {
 public:
  explicit Process(const Launch& launch);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Types on the pseudo-terminal.
  void type(std::string_view text);
  /// Changes the size of the pseudo-terminal.
  void resize(int lines, int columns) const;
  /// Reads until stdout (or the pseudo-terminal) contains `text`; false if it ended first.
  bool read_until(std::string_view text);
  /// What was read of stdout so far.
  [[nodiscard]] const std::string& output() const { return outcome_.out; }
  /// Closes the reading end of its stdout, as `head` does when it is done.
  void close_output();
  /// Closes the pseudo-terminal, as the terminal's window does.
  void hang_up();
  /// From any thread.
  void send_signal(int signal) const;
  /// The number of bytes in the pipe of its stdout.
  [[nodiscard]] std::size_t unread_output() const;
  /// Waits for the program to end and returns its exit code. Reads nothing: not what it prints, and
  /// not what the pseudo-terminal shows.
  int wait_without_reading();
  /// Waits for the program to end and returns everything.
  Outcome wait();

  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  bool pump();

  std::atomic<pid_t> pid_ = -1;  // signals may be sent by any thread
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  int terminal_ = -1;
  std::string unsent_;
  Outcome outcome_;
};

/// Runs a program until it ends.
Outcome run(const Launch& launch);

}  // namespace rellama::test
