#include "run/demo.hpp"

namespace rellama::program {
namespace {

// Slow enough to watch the answer arrive.
constexpr double kTokensPerSecond = 60;

}  // namespace

std::unique_ptr<emulator::Emulator> start_demo(const Context& context) {
  emulator::EmulatorOptions options;
  if (context.streams.out.is_terminal()) options.token_rate = kTokensPerSecond;
  auto demo = std::make_unique<emulator::Emulator>(options);
  demo->start();
  return demo;
}

void tell_demo(const Context& context) {
  tell(context, "rellama: demo: this answer is canned; no model was run\n");
}

}  // namespace rellama::program
