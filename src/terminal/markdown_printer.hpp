#pragma once

#include <string_view>

#include "terminal/markdown_renderer.hpp"
#include "terminal/printer.hpp"
#include "terminal/streams.hpp"
#include "terminal/style.hpp"

namespace rellama::terminal {

/// How Markdown looks on `out`: with attributes if colors are used, with Unicode signs if the
/// locale has them.
[[nodiscard]] MarkdownForm markdown_form(ColorMode color, const OutputStream& out,
                                         const system::Environment& environment);

/// Renders the answer as Markdown. Each `flush` is at most one write.
class MarkdownPrinter final : public Printer {
 public:
  /// `out` must outlive this.
  MarkdownPrinter(OutputStream& out, MarkdownForm form, MarkdownLayout::Columns columns);

  void output(std::string_view text) override;
  void flush() override;
  /// Prints output that is not text, and an empty answer, as TextPrinter does.
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
