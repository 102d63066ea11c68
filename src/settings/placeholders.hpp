#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::settings {

/// A place in a template that something is put into.
struct Placeholder {
  std::string name;
  std::optional<std::string> fallback = {};  ///< of `{{name|fallback}}`
};

/// The placeholders of a template, in their order, each name once; one that has a fallback in every
/// place has one here. Throws Error (invalid_input) for a `{{` that begins none.
[[nodiscard]] std::vector<Placeholder> find_placeholders(std::string_view text);

/// `text` with every `{{name}}` replaced by its value, or else by its fallback, and `{{{{` by `{{`.
/// What is put in is never looked at again. Throws Error (invalid_input) naming what is missing.
[[nodiscard]] std::string fill(std::string_view text,
                               const std::map<std::string, std::string>& values);

}  // namespace rellama::settings
