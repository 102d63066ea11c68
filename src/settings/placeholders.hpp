#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::settings {

/// A place in a template that is filled with a value.
struct Placeholder {
  std::string name;
  std::optional<std::string> fallback = {};  ///< of `{{name|fallback}}`
};

/// Returns the placeholders of a template in order, each name once. A name has a fallback if it has
/// one everywhere. Throws Error (invalid_input) for a `{{` that does not start a placeholder.
[[nodiscard]] std::vector<Placeholder> find_placeholders(std::string_view text);

/// Replaces every `{{name}}` in `text` by its value, or by its fallback, and `{{{{` by `{{`.
/// Inserted text is not expanded again. Throws Error (invalid_input) naming a parameter that is
/// missing.
[[nodiscard]] std::string fill(std::string_view text,
                               const std::map<std::string, std::string>& values);

}  // namespace rellama::settings
