#pragma once

#include <string>

#include "rellama/stop.hpp"

namespace rellama::program {

/// What stops work when the duration that --timeout names has passed; never, if it is empty. Throws
/// Error (invalid_input) for what is no duration.
[[nodiscard]] StopSource stop_after(const std::string& timeout);

}  // namespace rellama::program
