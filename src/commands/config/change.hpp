#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "options/context.hpp"

namespace rellama::program {

/// `rellama config set KEY VALUE…`: changes one line of the configuration, if the result is valid.
/// `KEY` is an option, or one in a table: `profile.work.model`, `history.limit`. Throws Error.
int set_config(const std::string& key, const std::vector<std::string>& values,
               const Context& context);

/// `rellama config get KEY`: prints the value in the configuration. Throws Error (not_found) if it
/// has none.
int get_config(const std::string& key, const Context& context);

/// `rellama config unset KEY`. Throws Error (not_found) if it is not set.
int unset_config(const std::string& key, const Context& context);

/// The path of the configuration. Throws Error (internal) if there is no place for it.
[[nodiscard]] std::filesystem::path require_config_path(const Context& context);

}  // namespace rellama::program
