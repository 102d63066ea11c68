#pragma once

#include <string>
#include <utility>
#include <vector>

#include "program/program_test.hpp"

namespace rellama::test {

/// `rellama chat`, driven by a script or by typing.
class ChatProgram : public ProgramTest {
 protected:
  [[nodiscard]] Launch on_terminal(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {"chat", "--markdown", "never"});
    Launch launch = this->launch(std::move(arguments));
    launch.on_terminal = true;
    return launch;
  }
  [[nodiscard]] Outcome script(const std::string& lines,
                               std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), "chat");
    return rellama(std::move(arguments), lines);
  }
  /// Whether it has printed the greeting and waits for the first message.
  [[nodiscard]] static bool is_ready(Process& process) {
    return process.read_until("Ctrl-D to quit") && process.read_until("> ");
  }
};

}  // namespace rellama::test
