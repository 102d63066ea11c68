#include "http/url.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "http/handle.hpp"

namespace rellama::http {
namespace {

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  return CurlString(text).get();
}

}  // namespace

bool Url::same_origin(const Url& other) const noexcept {
  return scheme == other.scheme && host == other.host && port == other.port;
}

bool Url::is_loopback() const noexcept {
  if (host == "localhost" || host == "[::1]") return true;
  // libcurl has normalized every spelling of an IPv4 address to four decimal numbers.
  const bool is_address = std::all_of(
      host.begin(), host.end(), [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
  return is_address && host.starts_with("127.");
}

std::optional<Url> parse_url(const std::string& text) {
  const UrlHandle handle(curl_url());
  if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  Url url;
  url.scheme = part(handle.get(), CURLUPART_SCHEME);
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  url.host = part(handle.get(), CURLUPART_HOST);
  if (url.host.empty()) return std::nullopt;
  std::transform(url.host.begin(), url.host.end(), url.host.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  url.port = std::atoi(part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT).c_str());
  url.path = part(handle.get(), CURLUPART_PATH);
  url.query = part(handle.get(), CURLUPART_QUERY);
  url.has_credentials = !part(handle.get(), CURLUPART_USER).empty() ||
                        !part(handle.get(), CURLUPART_PASSWORD).empty();
  return url;
}

std::optional<std::string> resolve_url(const std::string& base, const std::string& location) {
  const UrlHandle handle(curl_url());
  if (curl_url_set(handle.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
      curl_url_set(handle.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK) {
    return std::nullopt;
  }
  std::string absolute = part(handle.get(), CURLUPART_URL);
  if (!parse_url(absolute)) return std::nullopt;
  return absolute;
}

}  // namespace rellama::http
