#pragma once

#include <nlohmann/json.hpp>

namespace rellama::emulator {

/// JSON whose members keep their order, as in recorded replies.
using Json = nlohmann::ordered_json;

}  // namespace rellama::emulator
