#pragma once

#include <string>

namespace rellama::program {

/// A URL as it can be shown: without the user name and the password in it.
[[nodiscard]] std::string without_credentials(std::string url);

}  // namespace rellama::program
