#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rellama::emulator {

/// An `http://` URL of this machine.
struct LoopbackUrl {
  std::string host;  ///< numeric
  std::string port;
  std::string authority;  ///< as written, for the Host header
  std::string target;     ///< path and query
};

/// Returns nothing for any other URL, so that the emulator never sends anything to another machine.
[[nodiscard]] std::optional<LoopbackUrl> parse_loopback_url(std::string_view url);

/// Posts JSON and returns the status of the reply, or 0 if there was none in time. Gives up at once
/// when `interrupt` becomes readable. Follows no redirects.
[[nodiscard]] int post_to_loopback(const LoopbackUrl& url,
                                   const std::vector<std::pair<std::string, std::string>>& headers,
                                   std::string_view body, int interrupt,
                                   std::chrono::milliseconds limit);

}  // namespace rellama::emulator
