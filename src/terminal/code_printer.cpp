#include "terminal/code_printer.hpp"

#include <utility>

namespace rellama::terminal {

void CodePrinter::output(std::string_view text) {
  if (!ended_ && state_ != State::behind) blocks_.feed(text);
}

void CodePrinter::done(const Prediction& prediction) {
  if (std::exchange(ended_, true)) return;
  blocks_.finish();
  if (state_ == State::before) return;
  Prediction code = prediction;
  code.output = {};
  text_.done(code);
}

void CodePrinter::fail(const Error& error) {
  if (std::exchange(ended_, true)) return;
  blocks_.finish();
  text_.fail(error);
}

void CodePrinter::open_code(const MarkdownFence* fence) {
  if (fence != nullptr && state_ == State::before) state_ = State::inside;
}

void CodePrinter::code(std::string_view text) {
  if (state_ == State::inside) text_.output(text);
}

void CodePrinter::close_code() {
  if (state_ == State::inside) state_ = State::behind;
}

bool has_code(std::string_view answer) {
  class Finder final : public MarkdownSink {
   public:
    void open_code(const MarkdownFence* fence) override { found = found || fence != nullptr; }
    bool found = false;
  } finder;
  MarkdownBlocks blocks(finder);
  blocks.feed(answer);
  blocks.finish();
  return finder.found;
}

}  // namespace rellama::terminal
