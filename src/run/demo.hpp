#pragma once

#include <memory>

#include "emulator/emulator.hpp"
#include "options/context.hpp"
#include "rellama/client.hpp"

namespace rellama::program {

/// Starts the emulator in this very process and puts its address into `client`. It answers until it
/// is destroyed. The user is told, unless `quiet`.
[[nodiscard]] std::unique_ptr<emulator::Emulator> start_demo(bool quiet, const Context& context,
                                                             ClientOptions& client);

}  // namespace rellama::program
