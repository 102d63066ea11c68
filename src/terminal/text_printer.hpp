#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "terminal/printer.hpp"
#include "terminal/streams.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {

/// When to show control characters in an answer as marks.
enum class VisibleMode {
  on_terminal,  ///< on a terminal, not in a file or a pipe
  raw,          ///< never
};

/// What becomes of the blanks before an answer, which models put there.
enum class LeadingBlanks { dropped, kept };

/// An answer without the blanks before it.
[[nodiscard]] std::string_view without_leading_blanks(std::string_view answer);

/// Prints only the text of the answer, without the blanks that models put before it, and with
/// exactly one line end at its end. In raw mode, a file or a pipe gets the exact bytes. Each
/// `flush` is one write.
class TextPrinter final : public Printer {
 public:
  TextPrinter(OutputStream& out, VisibleMode mode, LeadingBlanks blanks = LeadingBlanks::dropped);

  void output(std::string_view text) override;
  void flush() override;
  /// Prints an empty line for an empty answer, and nothing for a failed run without text. Output
  /// that is not text is printed in lines: files as URLs, a list as the JSON of each element, any
  /// other value as JSON.
  void done(const Prediction& prediction) override;
  /// Ends the line, if there is one. The caller shows the message.
  void fail(const Error& error) override;

 private:
  void take(std::string_view text);
  void end_text();
  void write_buffer();

  OutputStream& out_;
  VisibleText visible_;
  std::string buffer_;
  std::size_t held_line_ends_ = 0;  // at the end of the text so far; more text may follow
  bool filtering_;
  bool keeps_start_;  // the blanks before the answer
  bool is_exact_;
  bool printed_ = false;
  bool ended_ = false;
};

}  // namespace rellama::terminal
