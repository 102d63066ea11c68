#pragma once

#include <optional>
#include <string>

namespace rellama::http {

/// Why `url` cannot be that of a proxy; nullopt if it can. The reason does not quote the URL, which
/// may contain a password.
[[nodiscard]] std::optional<std::string> find_proxy_fault(const std::string& url);

/// Throws Error (invalid_input) that names `source` ("--proxy", "https_proxy") if `url` cannot be
/// that of a proxy: a password with an unescaped `/` would otherwise be looked up as a host name.
void check_proxy(const std::string& url, const std::string& source);

/// The same for the variable of the environment that libcurl would use for a request to `url`. Does
/// nothing if NO_PROXY excepts its host, or names a network that may contain it.
void check_proxy_of_environment(const std::string& url);

}  // namespace rellama::http
