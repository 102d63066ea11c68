#pragma once

#include <string>

#include "terminal/line_source.hpp"

namespace rellama::chat {

/// What a person or a script wants said or done.
struct Input {
  enum class Kind {
    message,
    command,      ///< `text` begins with the slash
    interrupted,  ///< what was typed is gone
    end,
  };
  Kind kind = Kind::end;
  std::string text;
};

/// Puts messages together from lines: a line that ends with a backslash goes on in the next one,
/// `"""` begins and ends a block of lines, and `//` at the beginning is a message that begins with
/// a slash. Input that ends inside of a message ends the message. Blank messages are skipped.
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
