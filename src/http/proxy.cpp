#include "http/proxy.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "http/handle.hpp"
#include "http/lower_case.hpp"
#include "http/url.hpp"
#include "rellama/error.hpp"

namespace rellama::http {
namespace {

constexpr std::array<std::string_view, 6> kSchemes{"http",    "https",  "socks4",
                                                   "socks4a", "socks5", "socks5h"};

constexpr const char* kForm = "http://[USER:PASSWORD@]HOST:PORT";

std::string part_of(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  return CurlString(text).get();
}

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string_view without_dots(std::string_view name) {
  if (name.starts_with('.')) name.remove_prefix(1);
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

// Whether `host` is, or may be, in a list as libcurl reads it: of names, which include those below
// them, of addresses, and of networks, which are left to libcurl.
bool may_be_excepted(std::string_view host, std::string_view list) {
  if (list == "*") return true;
  constexpr std::string_view kSeparators = ", \t";
  for (std::size_t at = 0; (at = list.find_first_not_of(kSeparators, at)) < list.size();) {
    const std::size_t end = std::min(list.find_first_of(kSeparators, at), list.size());
    const std::string entry = lower_case(without_dots(list.substr(at, end - at)));
    at = end;
    if (is_address(host)) {
      const bool is_network = entry.find('/') != std::string::npos;
      if (is_network || entry == host || entry == "[" + std::string(host) + "]") return true;
    } else if (host == entry || host.ends_with("." + entry)) {
      return true;
    }
  }
  return false;
}

bool may_be_excepted(const std::string& url) {
  const char* list = variable("no_proxy");
  if (list == nullptr) list = variable("NO_PROXY");
  if (list == nullptr) return false;
  const auto parts = parse_url(url);
  if (!parts) return true;
  std::string_view host = parts->host;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return may_be_excepted(without_dots(host), list);
}

}  // namespace

std::optional<std::string> find_proxy_fault(const std::string& url) {
  const UrlHandle handle(curl_url());
  constexpr unsigned kFlags = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME;
  if (curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), kFlags) != CURLUE_OK) {
    return std::string("it is not of the form ") + kForm;
  }
  // Without a scheme it is http, even if libcurl guesses another from the host's name.
  const std::string scheme =
      url.find("://") == std::string::npos ? "http" : part_of(handle.get(), CURLUPART_SCHEME);
  if (std::find(kSchemes.begin(), kSchemes.end(), scheme) == kSchemes.end()) {
    return "its scheme is none of http, https, socks4, socks4a, socks5 and socks5h";
  }
  const std::string path = part_of(handle.get(), CURLUPART_PATH);
  const bool has_more = url.find_first_of("?#") != std::string::npos;
  // libcurl takes port 0 for none given.
  const bool has_no_port = part_of(handle.get(), CURLUPART_PORT) == "0";
  if (has_no_port) return "its port is 0";
  if (part_of(handle.get(), CURLUPART_HOST).empty() || (path != "/" && !path.empty()) || has_more) {
    return std::string("it is not of the form ") + kForm;
  }
  return std::nullopt;
}

void check_proxy(const std::string& url, const std::string& source) {
  if (const auto fault = find_proxy_fault(url)) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "cannot use the proxy from " + source,
                 .why = *fault,
                 .remedy = "write special characters of a password as %40 for @, %2F for /, "
                           "%3A for :, %23 for #"});
  }
}

void check_proxy_of_environment(const std::string& url) {
  if (may_be_excepted(url)) return;
  // In this order, as libcurl; it does not read HTTP_PROXY, which a CGI client could set.
  const bool is_encrypted = url.starts_with("https:");
  const std::vector<const char*> names =
      is_encrypted ? std::vector{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}
                   : std::vector{"http_proxy", "all_proxy", "ALL_PROXY"};
  for (const char* name : names) {
    if (const char* value = variable(name)) return check_proxy(value, name);
  }
}

}  // namespace rellama::http
