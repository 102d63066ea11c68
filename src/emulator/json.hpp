#pragma once

#include <nlohmann/json.hpp>

namespace rellama::emulator {

/// JSON whose members keep their order, so that answers read as the recorded ones do.
using Json = nlohmann::ordered_json;

}  // namespace rellama::emulator
