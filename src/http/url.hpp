#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rellama::http {

/// The parts of an absolute http or https URL.
struct Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case; an IPv6 address is in brackets
  int port = 0;        ///< the scheme's default if the URL has none
  std::string path;    ///< at least "/"
  std::string query;   ///< without the question mark
  bool has_credentials = false;

  /// Whether scheme, host and port are the same.
  [[nodiscard]] bool same_origin(const Url& other) const noexcept;
  /// Whether the host is localhost, in 127.0.0.0/8, or [::1].
  [[nodiscard]] bool is_loopback() const noexcept;
};

/// Parses an absolute URL as libcurl does. Returns nullopt if it is invalid or not http(s).
[[nodiscard]] std::optional<Url> parse_url(const std::string& text);

/// Resolves `location` relative to `base`. Returns nullopt if the result is not an http(s) URL.
[[nodiscard]] std::optional<std::string> resolve_url(const std::string& base,
                                                     const std::string& location);

}  // namespace rellama::http
