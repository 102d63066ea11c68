#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "terminal/printer.hpp"
#include "terminal/streams.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {

/// When control characters in an answer are shown as marks.
enum class VisibleMode {
  on_terminal,  ///< if the output is a terminal; a file or pipe gets the bytes as they came
  raw,          ///< never
};

/// Prints the answer as text and nothing else. Each `flush` is one write. Whatever line ends the
/// text has at its end, exactly one is printed.
class TextPrinter final : public Printer {
 public:
  TextPrinter(OutputStream& out, VisibleMode mode);

  void output(std::string_view text) override;
  void flush() override;
  /// An answer without text prints as an empty line, a failed run without text as nothing. Output
  /// that is not text prints as lines: files as their URLs, a list as the JSON of each element, any
  /// other value as its JSON.
  void done(const Prediction& prediction) override;
  /// Ends the line if there is one. The message is the caller's to show.
  void fail(const Error& error) override;

 private:
  void take(std::string_view text);
  void end_text();
  void write_buffer();

  OutputStream& out_;
  VisibleText visible_;
  std::string buffer_;
  std::size_t held_line_ends_ = 0;  // at the end of the text so far: more text may follow them
  bool filtering_;
  bool printed_ = false;
  bool ended_ = false;
};

}  // namespace rellama::terminal
