#include "run/document.hpp"

#include "terminal/markdown_printer.hpp"
#include "terminal/style.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {

bool renders_markdown(const OutputOptions& options, const terminal::OutputStream& out,
                      const Context& context) {
  if (options.markdown != MarkdownMode::automatic) return options.markdown == MarkdownMode::always;
  return !options.raw && terminal::can_redraw(out, context.environment);
}

void show_document(const std::string& text, const OutputOptions& options, const Context& context) {
  terminal::OutputStream& out = context.streams.out;
  if (!renders_markdown(options, out, context)) {
    out.write(out.is_terminal() && !options.raw ? terminal::visible(text) : text);
    return;
  }
  terminal::MarkdownRenderer renderer(
      terminal::markdown_form(options.color, out, context.environment),
      [&out, width = options.width] { return width > 0 ? width : out.columns(); });
  std::string rendered = renderer.feed(text);
  rendered += renderer.finish();
  out.write(rendered);
}

}  // namespace rellama::program
