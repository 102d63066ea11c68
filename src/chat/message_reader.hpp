#pragma once

#include <string>

#include "terminal/line_source.hpp"

namespace rellama::chat {

/// A message or a command from a person or a script.
struct Input {
  enum class Kind {
    message,
    command,      ///< `text` starts with the slash
    interrupted,  ///< what was typed is discarded
    end,
  };
  Kind kind = Kind::end;
  std::string text;
};

/// Reads messages of one or more lines: a backslash at the end of a line continues it, `"""` starts
/// and ends a block of lines, and a message that starts with `//` is sent with one slash. A line
/// that says "exit", "quit" or ":q" and nothing else is the command `/exit`. The end of the input
/// ends an open message. Blank messages are skipped.
class MessageReader {
 public:
  explicit MessageReader(terminal::LineSource& lines) : lines_(lines) {}

  [[nodiscard]] Input read(const std::string& prompt, const StopToken& stop);

 private:
  void remember(const Input& input);
  [[nodiscard]] Input read_one(const std::string& prompt, const StopToken& stop);
  [[nodiscard]] Input read_block(std::string text, const StopToken& stop);

  terminal::LineSource& lines_;
};

}  // namespace rellama::chat
