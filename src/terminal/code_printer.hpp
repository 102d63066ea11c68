#pragma once

#include <string_view>

#include "markdown/block_parser.hpp"
#include "terminal/printer.hpp"
#include "terminal/streams.hpp"
#include "terminal/text_printer.hpp"

namespace rellama::terminal {

/// Prints the first fenced code block (``` or ~~~) of the answer as it arrives, exactly as written,
/// with one line end at its end, and nothing else. A block that is not closed is printed as far as
/// it goes. An answer without one prints nothing.
class CodePrinter final : public Printer, private markdown::BlockSink {
 public:
  /// `out` must outlive this.
  explicit CodePrinter(OutputStream& out)
      : printer_(out, VisibleMode::on_terminal), blocks_(*this) {}
  CodePrinter(const CodePrinter&) = delete;
  CodePrinter& operator=(const CodePrinter&) = delete;

  void output(std::string_view text) override;
  void flush() override { printer_.flush(); }
  void done(const Prediction& prediction) override;
  void fail(const Error& error) override;

 private:
  void open(const markdown::Block& block) override;
  void close(const markdown::Block& block) override;
  void text(std::string_view text) override;

  enum class State { before, inside, after };

  TextPrinter printer_;
  markdown::BlockParser blocks_;
  State state_ = State::before;
  bool ended_ = false;
};

/// Whether a CodePrinter would find a code block in that answer.
[[nodiscard]] bool has_code(std::string_view answer);

}  // namespace rellama::terminal
