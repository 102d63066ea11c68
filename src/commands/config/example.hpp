#pragma once

#include <string_view>

namespace rellama::program {

/// The text of a new configuration, all of it commented out.
extern const std::string_view config_example;

}  // namespace rellama::program
