#pragma once

#include <memory>

#include "emulator/emulator.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// Starts the emulator in this process. It serves until it is destroyed.
[[nodiscard]] std::unique_ptr<emulator::Emulator> start_demo(const Context& context);

/// Says on stderr that the answer is canned.
void tell_demo(const Context& context);

}  // namespace rellama::program
