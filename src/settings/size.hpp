#pragma once

#include <cstdint>
#include <string_view>

namespace rellama::settings {

/// Reads a number of bytes: `1000`, `200k`, `10M`, `1.5GiB`; every unit is 1024 of the one before,
/// in any case, with or without B or iB. Throws Error (invalid_input) for anything else, for zero,
/// and for more than any disk has.
[[nodiscard]] std::uint64_t parse_size(std::string_view text);

}  // namespace rellama::settings
