#pragma once

#include <string_view>

namespace rellama::program {

/// What `rellama config edit` begins a configuration with: all of it commented out.
extern const std::string_view config_example;

}  // namespace rellama::program
