#pragma once

#include "emulator/faults.hpp"
#include "emulator/reply.hpp"

namespace rellama::emulator {

/// The reply that a fault gives instead of the real one.
[[nodiscard]] Reply faulty_reply(const Fault& fault);

}  // namespace rellama::emulator
