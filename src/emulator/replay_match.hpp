#pragma once

#include <string>
#include <string_view>

#include "emulator/recording.hpp"

namespace rellama::emulator {

/// What the requests have in common that may get the same recorded response: method, path and
/// query, except the value of `created_after`, which is a time.
[[nodiscard]] std::string request_key(std::string_view method, std::string_view target);

/// Whether `body` is what was recorded. The mark of a secret stands for any text.
[[nodiscard]] bool is_same_body(const RecordedExchange& recorded, std::string_view body);

/// Says where two bodies differ, with what is around it.
[[nodiscard]] std::string describe_difference(std::string_view recorded, std::string_view body);

}  // namespace rellama::emulator
