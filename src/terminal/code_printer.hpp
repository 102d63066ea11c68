#pragma once

#include <string_view>

#include "terminal/markdown_blocks.hpp"
#include "terminal/printer.hpp"
#include "terminal/streams.hpp"
#include "terminal/text_printer.hpp"

namespace rellama::terminal {

/// Prints the first block of code between fences (``` or ~~~) that the answer has, as it comes, and
/// nothing else: exactly, with one line end at its end. A block that the answer does not close is
/// printed as far as it goes. Without one nothing is printed.
class CodePrinter final : public Printer, private MarkdownSink {
 public:
  /// `out` must outlive this.
  explicit CodePrinter(OutputStream& out) : text_(out, VisibleMode::on_terminal), blocks_(*this) {}
  CodePrinter(const CodePrinter&) = delete;
  CodePrinter& operator=(const CodePrinter&) = delete;

  void output(std::string_view text) override;
  void flush() override { text_.flush(); }
  void done(const Prediction& prediction) override;
  void fail(const Error& error) override;

 private:
  void open_code(const MarkdownFence* fence) override;
  void code(std::string_view text) override;
  void close_code() override;

  enum class State { before, inside, behind };

  TextPrinter text_;
  MarkdownBlocks blocks_;
  State state_ = State::before;
  bool ended_ = false;
};

/// Whether a CodePrinter would find a block of code in that answer.
[[nodiscard]] bool has_code(std::string_view answer);

}  // namespace rellama::terminal
