#pragma once

#include <string>

namespace rellama::program {

/// Replaces the user name and password in a URL, so that it can be shown.
[[nodiscard]] std::string without_credentials(std::string url);

}  // namespace rellama::program
