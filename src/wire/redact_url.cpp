#include "wire/redact_url.hpp"

#include <algorithm>
#include <string_view>

namespace rellama::wire {
namespace {

// Whether `authority` is HOST or HOST:PORT. A user name and a password that lack their @, or have
// it as %40, look like a host with an odd port.
bool is_host(std::string_view authority) {
  if (authority.find('%') != std::string_view::npos) return false;
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  const std::size_t colon = authority.find(':', bracket);
  if (colon == std::string_view::npos) return true;
  const std::string_view port = authority.substr(colon + 1);
  return std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string without_credentials(std::string url) {
  const auto scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  // A password may contain an unescaped slash or at sign, so hide everything up to the last one.
  const auto at = url.rfind('@');
  if (at != std::string::npos && at >= begin) return url.replace(begin, at - begin, "…");
  const std::size_t end = std::min(url.find_first_of("/?#\\", begin), url.size());
  if (is_host(std::string_view(url).substr(begin, end - begin))) return url;
  return url.replace(begin, std::string::npos, "…");
}

}  // namespace rellama::wire
