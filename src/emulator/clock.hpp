#pragma once

#include <chrono>

namespace rellama::emulator {

using Clock = std::chrono::steady_clock;

}  // namespace rellama::emulator
