#include "commands/demo.hpp"

namespace rellama::commands {
namespace {

// On a terminal, the canned answer arrives at a pace that can be read.
constexpr double kTokensPerSecond = 60;

}  // namespace

std::unique_ptr<emulator::Emulator> start_demo(bool quiet, const Context& context,
                                               ClientOptions& client) {
  emulator::EmulatorOptions emulation;
  if (context.streams.out.is_terminal()) emulation.token_rate = kTokensPerSecond;
  auto demo = std::make_unique<emulator::Emulator>(emulation);
  demo->start();
  client.base_url = demo->base_url();
  if (!quiet) {
    tell(context,
         "rellama: demo: the built-in emulator gives a canned answer; no model was asked\n");
  }
  return demo;
}

}  // namespace rellama::commands
