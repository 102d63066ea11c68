#pragma once

#include <nlohmann/json.hpp>
#include <optional>

namespace rellama::web {

/// The value, or null if there is none.
template <typename Value>
[[nodiscard]] nlohmann::ordered_json or_null(const std::optional<Value>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

}  // namespace rellama::web
