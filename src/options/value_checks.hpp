#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

namespace rellama::program {

// CLI11 itself reads 0100 as octal, cuts large numbers to fit, and takes an empty text for no
// value.

/// Accepts a whole decimal number that fits 64 bits, also with leading zeros or a plus sign.
[[nodiscard]] CLI::Validator whole_number();
/// The same, from `least` to `most`.
[[nodiscard]] CLI::Validator whole_number(
    std::int64_t least, std::int64_t most = std::numeric_limits<std::int64_t>::max());

/// Accepts a finite decimal number: 0.5, -1, 1e-3.
[[nodiscard]] CLI::Validator decimal_number();

/// Accepts such a number that is not negative.
[[nodiscard]] CLI::Validator amount();

/// Accepts what settings::parse_duration does.
[[nodiscard]] CLI::Validator duration();

/// Accepts what settings::parse_size does.
[[nodiscard]] CLI::Validator size();

}  // namespace rellama::program
