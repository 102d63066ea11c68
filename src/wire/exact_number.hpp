#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

// Numbers that no 64-bit integer and no double can hold are kept as they are written. nlohmann's
// values have no place for them, so they are stored as binary values, which JSON text cannot
// contain.
namespace rellama::wire {

/// Replaces each such number in `json` by a string that `restore_number` recognizes. Returns
/// nullopt if there is none.
[[nodiscard]] std::optional<std::string> mark_exact_numbers(std::string_view json);

/// Turns the string that stands for a marked number into a value that contains the number.
void restore_number(nlohmann::ordered_json& value);

/// The digits of a number that is kept as it was written; empty if `value` is anything else.
[[nodiscard]] std::string find_exact_number(const nlohmann::ordered_json& value);

/// Renders `value` as `dump` does, with these numbers as they were written.
[[nodiscard]] std::string render_exact(const nlohmann::ordered_json& value, int indent,
                                       bool ascii_only);

}  // namespace rellama::wire
