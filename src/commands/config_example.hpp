#pragma once

#include <string_view>

namespace rellama::commands {

/// What `rellama config edit` begins a configuration with: all of it commented out.
extern const std::string_view config_example;

}  // namespace rellama::commands
