#pragma once

#include <string>
#include <vector>

#include "rellama/error.hpp"

namespace rellama::program {

/// A setting in use, and where it was set.
struct SettingInUse {
  std::string name;                 ///< the long name of the option
  std::vector<std::string> values;  ///< as written
  std::string source;               ///< "RELLAMA_MODEL", "config.toml:3"
};

/// Adds the source of a value to an error about it: "top_p 2 is out of range (from RELLAMA_TOP_P)".
/// The error is about a value if it starts with the parameter, or quotes the value. A refused token
/// is the one called "token".
[[nodiscard]] Error with_source(const Error& error, const std::vector<SettingInUse>& settings);

}  // namespace rellama::program
