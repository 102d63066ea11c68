#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::system {

/// Looks up an environment variable. Passed in, so that tests need not change the process's own.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// The environment of this process.
[[nodiscard]] Environment process_environment();

/// The value of a variable. An empty one counts as not set.
[[nodiscard]] std::optional<std::string> find_variable(const Environment& environment,
                                                       std::string_view name);

}  // namespace rellama::system
