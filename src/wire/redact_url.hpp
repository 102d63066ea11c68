#pragma once

#include <string>

namespace rellama::wire {

/// Replaces the user name, the password and the query in a URL, so that it can be shown. Of one
/// that cannot be read it shows only the scheme, since any part of it may belong to a password.
[[nodiscard]] std::string without_credentials(std::string url);

}  // namespace rellama::wire
