#pragma once

#include <cstdint>
#include <string_view>

namespace rellama::settings {

/// Parses a number of bytes: `1000`, `200k`, `10M`, `1.5GiB`. Each unit is 1024 times the one
/// before, in upper or lower case, with or without B or iB. Throws Error (invalid_input) for
/// anything else, for zero, and for more than any disk holds.
[[nodiscard]] std::uint64_t parse_size(std::string_view text);

}  // namespace rellama::settings
