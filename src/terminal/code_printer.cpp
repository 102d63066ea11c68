#include "terminal/code_printer.hpp"

#include <utility>

namespace rellama::terminal {

void CodePrinter::output(std::string_view text) {
  if (!ended_) code_.feed(text);
}

void CodePrinter::done(const Prediction& prediction) {
  if (std::exchange(ended_, true)) return;
  code_.finish();
  if (!code_.found()) return;
  Prediction code = prediction;
  code.output = {};
  printer_.done(code);
}

void CodePrinter::fail(const Error& error) {
  if (std::exchange(ended_, true)) return;
  code_.finish();
  printer_.fail(error);
}

bool has_code(std::string_view answer) {
  CodeFinder code([](std::string_view) {});
  code.feed(answer);
  code.finish();
  return code.found();
}

}  // namespace rellama::terminal
