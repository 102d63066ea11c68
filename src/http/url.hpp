#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rellama::http {

/// The parts of an absolute http or https URL that decide who is asked.
struct Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case; an IPv6 address in brackets
  int port = 0;        ///< the scheme's own where the URL names none
  std::string path;    ///< at least "/"
  std::string query;   ///< without the question mark
  bool has_credentials = false;

  /// Same scheme, host and port.
  [[nodiscard]] bool same_origin(const Url& other) const noexcept;
  /// localhost, 127.0.0.0/8 or [::1].
  [[nodiscard]] bool is_loopback() const noexcept;
};

/// Reads an absolute URL as libcurl itself would; nothing if it is none, or not http(s).
[[nodiscard]] std::optional<Url> parse_url(const std::string& text);

/// `location` as seen from `base`, absolute; nothing if it makes no http(s) URL.
[[nodiscard]] std::optional<std::string> resolve_url(const std::string& base,
                                                     const std::string& location);

}  // namespace rellama::http
