#pragma once

#include <string>

#include "rellama/stop.hpp"

namespace rellama::program {

/// A source that stops after `timeout`, the argument of --timeout; never if it is empty. Throws
/// Error (invalid_input) if it is not a duration.
[[nodiscard]] StopSource stop_after(const std::string& timeout);

}  // namespace rellama::program
