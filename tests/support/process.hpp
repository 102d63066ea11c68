#pragma once

#include <sys/types.h>

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
  std::map<std::string, std::string> environment = {};  ///< all of it: nothing is inherited
  std::optional<std::string> input = {};                ///< of stdin; absent: /dev/null
  bool on_terminal = false;  ///< all three streams on a pseudo-terminal of 24 lines, 80 columns
  /// With `on_terminal`: stdout goes to a pipe all the same.
  bool pipe_output = false;
  std::string output_file = {};  ///< stdout goes there instead
};

/// What a program did.
struct Outcome {
  int exit_code = -1;  ///< minus the signal, if one killed it
  std::string out;     ///< stdout
  std::string err;     ///< stderr; what a pseudo-terminal showed
};

/// A running program. Reading waits for as long as it takes: a test that hangs is ended by its
/// runner.
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
  /// Reads until stdout (or what the pseudo-terminal shows) holds `text`; false if it ended before.
  bool read_until(std::string_view text);
  /// Closes our end of its stdout, as `head` does once it has seen enough.
  void close_output();
  void send_signal(int signal) const;
  /// Waits for the end and gives everything.
  Outcome wait();

  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  bool pump();

  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  int terminal_ = -1;
  std::string unsent_;
  Outcome outcome_;
};

/// Starts a program and waits for its end.
Outcome run(const Launch& launch);

}  // namespace rellama::test
