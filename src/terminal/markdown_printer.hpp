#pragma once

#include <string_view>

#include "terminal/markdown_renderer.hpp"
#include "terminal/printer.hpp"
#include "terminal/streams.hpp"
#include "terminal/style.hpp"

namespace rellama::terminal {

/// How Markdown looks on `out`: with attributes where colour is used, with signs beyond ASCII where
/// the locale has them.
[[nodiscard]] MarkdownForm markdown_form(ColorMode color, const OutputStream& out,
                                         const system::Environment& environment);

/// Prints the answer as Markdown rendered for a person. Each `flush` is one write at most.
class MarkdownPrinter final : public Printer {
 public:
  /// Throws Error where a library is missing that this needs. `out` must outlive this.
  MarkdownPrinter(OutputStream& out, MarkdownForm form, MarkdownLayout::Columns columns);

  void output(std::string_view text) override;
  void flush() override;
  /// What is not text, and an answer without text, prints as TextPrinter prints it.
  void done(const Prediction& prediction) override;
  void fail(const Error& error) override;

 private:
  void finish();
  void write_buffer();

  OutputStream& out_;
  MarkdownRenderer renderer_;
  std::string buffer_;
  bool has_text_ = false;
  bool ended_ = false;
};

}  // namespace rellama::terminal
