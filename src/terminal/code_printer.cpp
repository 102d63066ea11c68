#include "terminal/code_printer.hpp"

#include <utility>
#include <variant>

namespace rellama::terminal {
namespace {

bool is_fenced_code(const markdown::Block& block) {
  const auto* code = std::get_if<markdown::Code>(&block);
  return code != nullptr && code->is_fenced;
}

}  // namespace

void CodePrinter::output(std::string_view text) {
  if (!ended_ && state_ != State::after) blocks_.feed(text);
}

void CodePrinter::done(const Prediction& prediction) {
  if (std::exchange(ended_, true)) return;
  blocks_.finish();
  if (state_ == State::before) return;
  Prediction code = prediction;
  code.output = {};
  printer_.done(code);
}

void CodePrinter::fail(const Error& error) {
  if (std::exchange(ended_, true)) return;
  blocks_.finish();
  printer_.fail(error);
}

void CodePrinter::open(const markdown::Block& block) {
  if (state_ == State::before && is_fenced_code(block)) state_ = State::inside;
}

void CodePrinter::text(std::string_view text) {
  if (state_ == State::inside) printer_.output(text);
}

void CodePrinter::close(const markdown::Block& /*block*/) {
  if (state_ == State::inside) state_ = State::after;
}

bool has_code(std::string_view answer) {
  class Finder final : public markdown::BlockSink {
   public:
    void open(const markdown::Block& block) override { found = found || is_fenced_code(block); }
    bool found = false;
  } finder;
  markdown::BlockParser blocks(finder);
  blocks.feed(answer);
  blocks.finish();
  return finder.found;
}

}  // namespace rellama::terminal
