#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::wire {

/// What could be read of a damaged object.
struct RecoveredObject {
  nlohmann::ordered_json object;
  std::vector<std::string> lost;  ///< the members whose values could not be read
};

/// Makes a JSON value that is damaged inside readable: replaces NaN and infinities, which Python
/// writes, by null, and in strings invalid UTF-8 and lone surrogates by U+FFFD, and escapes
/// control characters and stray backslashes.
[[nodiscard]] std::string repair_json(std::string_view value);

/// Reads an object that is not valid JSON, member by member. The values are repaired; members whose
/// values remain unreadable are left out, up to the next member in `names`. Returns nullopt if
/// `json` is not an object that reaches its end, or has too much damage.
[[nodiscard]] std::optional<RecoveredObject> recover_object(
    std::string_view json, std::span<const std::string_view> names);

/// A list that is text but for one item that is damaged.
struct DamagedText {
  std::string before;  ///< the text before that item
  std::string after;
};

/// Reads such a list. Returns nullopt if `json` is anything else.
[[nodiscard]] std::optional<DamagedText> find_damaged_text(std::string_view json);

}  // namespace rellama::wire
