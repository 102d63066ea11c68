#pragma once

#include <string_view>

#include "terminal/code_finder.hpp"
#include "terminal/printer.hpp"
#include "terminal/streams.hpp"
#include "terminal/text_printer.hpp"

namespace rellama::terminal {

/// Prints the first fenced code block of the answer (see CodeFinder) as it arrives, exactly as
/// written, with one line end at its end, and nothing else. An answer without one prints nothing.
class CodePrinter final : public Printer {
 public:
  /// `out` must outlive this.
  explicit CodePrinter(OutputStream& out)
      : printer_(out, VisibleMode::on_terminal, LeadingBlanks::kept),
        code_([this](std::string_view code) { printer_.output(code); }) {}
  CodePrinter(const CodePrinter&) = delete;
  CodePrinter& operator=(const CodePrinter&) = delete;

  void output(std::string_view text) override;
  void flush() override { printer_.flush(); }
  void done(const Prediction& prediction) override;
  void fail(const Error& error) override;

 private:
  TextPrinter printer_;
  CodeFinder code_;
  bool ended_ = false;
};

/// Whether a CodePrinter would find a code block in that answer.
[[nodiscard]] bool has_code(std::string_view answer);

}  // namespace rellama::terminal
