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
  const auto at = url.rfind('@');
  const auto query = url.find('?', begin);
  const bool has_user = at != std::string::npos && at >= begin;
  if (has_user && query < at) return url.replace(begin, std::string::npos, "…");
  // A key, or the signature of a file's URL.
  if (query < url.size())
    url.replace(query + 1, std::string::npos, query + 1 < url.size() ? "…" : "");
  // A password may contain an unescaped slash or at sign, so hide everything up to the last one.
  if (has_user) return url.replace(begin, at - begin, "…");
  const std::size_t end = std::min(url.find_first_of("/?#\\", begin), url.size());
  if (is_host(std::string_view(url).substr(begin, end - begin))) return url;
  return url.replace(begin, std::string::npos, "…");
}

}  // namespace rellama::wire
