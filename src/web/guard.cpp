#include "web/guard.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "api/endpoint.hpp"
#include "rellama/error.hpp"
#include "web/api_reply.hpp"
#include "web/cross_origin.hpp"
#include "web/key.hpp"
#include "web/reply.hpp"
#include "wire/lower_case.hpp"

namespace rellama::web {
namespace {

using httpd::Reply;
using httpd::Request;

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";
constexpr const char* kCookieLife = "2592000";  // 30 days, in seconds

constexpr const char* kNoKeyPage =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>rellama</title>\n"
    "<h1>This page needs its key</h1>\n"
    "<p>Open the URL that <code>rellama serve</code> printed when it started: it ends in "
    "<code>/?key=…</code>.</p>\n</html>\n";

constexpr const char* kReloadPage =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>rellama</title>\n"
    "<meta http-equiv=\"refresh\" content=\"0; url=/\">\n<p><a href=\"/\">Open the page</a></p>\n"
    "</html>\n";

// The values of all headers with this name.
std::vector<std::string_view> headers_named(const Request& request, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : request.headers) {
    if (httpd::same_header_name(key, name)) values.emplace_back(value);
  }
  return values;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_get(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

std::string_view trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// Someone opens the page, from wherever: that changes nothing here.
bool opens_page(const Request& request) {
  return is_get(request) && request.path == "/" && request.header("Sec-Fetch-Mode") == "navigate";
}

// A browser says where a request comes from. Another port of this machine is "same-site".
bool comes_from_elsewhere(const Request& request) {
  const auto sites = headers_named(request, "Sec-Fetch-Site");
  return std::any_of(sites.begin(), sites.end(),
                     [](std::string_view site) { return site != "same-origin" && site != "none"; });
}

bool wants_page(const Request& request) {
  return is_get(request) && request.header("Accept").find("text/html") != std::string::npos;
}

// A form of another site can send anything but this type without asking first.
bool has_json_body(const Request& request) {
  const auto types = headers_named(request, "Content-Type");
  if (types.size() != 1) return false;
  const std::string_view type = types.front().substr(0, types.front().find(';'));
  return wire::lower_case(trim(type)) == "application/json";
}

bool is_for_api(const Request& request) {
  return api::is_api_path(api::normal_path(request.path));
}

// A refusal as the client of that path can read it.
Reply refuse_as(const Request& request, const Refusal& refusal) {
  const std::string path = api::normal_path(request.path);
  if (!api::is_api_path(path)) return refuse(refusal);
  std::string message = refusal.message;
  if (!refusal.remedy.empty()) message += "; " + refusal.remedy;
  return api_failure(api::protocol_of(path),
                     {.status = refusal.status, .message = std::move(message)});
}

Reply page_reply(int status, const char* html) {
  Reply reply = empty_reply(status);
  reply.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
  reply.body = html;
  return reply;
}

Reply no_key(const Request& request) {
  if (!wants_page(request) || is_for_api(request)) {
    return refuse_as(request,
                     {.status = 401,
                      .message = "the key is missing or wrong",
                      .remedy = "open the URL that rellama serve printed, or send the key as "
                                "Authorization: Bearer KEY"});
  }
  return page_reply(401, kNoKeyPage);
}

}  // namespace

PublicUrl PublicUrl::parse(const std::string& text) {
  std::string url = wire::lower_case(text);
  const bool is_https = url.starts_with(kHttps);
  const std::string_view scheme = is_https ? kHttps : kHttp;
  if (url.ends_with('/')) url.pop_back();
  std::string host = url.starts_with(scheme) ? url.substr(scheme.size()) : std::string();
  const std::string_view usual = is_https ? ":443" : ":80";
  if (host.ends_with(usual)) host.resize(host.size() - usual.size());
  if (host.empty() || host.find_first_of("/?#@ \t\"\\,;") != std::string::npos) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "cannot use --public-url " + text,
                 .why = "it is not the root of a server",
                 .remedy = "use https://HOST or http://HOST:PORT, without a path"});
  }
  return {.host = host, .origin = std::string(scheme) + host, .is_https = is_https};
}

bool is_loopback(std::string_view host) noexcept {
  if (host == "localhost" || host == "::1") return true;
  in_addr address{};
  const std::string text(host);
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1 && host.starts_with("127.");
}

std::string render_authority(const std::string& host, int port) {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Guard::Guard(GuardOptions options)
    : admitted_(std::move(options.origins)),
      key_(std::move(options.key)),
      one_time_key_(std::move(options.one_time_key)),
      cookie_name_("rellama_key_" + std::to_string(options.port)) {
  constexpr int kUsualPort = 80;
  for (const std::string& name :
       {std::string("127.0.0.1"), std::string("localhost"), std::string("::1"), options.host}) {
    std::string host = wire::lower_case(render_authority(name, options.port));
    hosts_.push_back(host);
    if (options.port == kUsualPort) hosts_.push_back(host.substr(0, host.rfind(':')));
  }
  for (const std::string& host : hosts_) origins_.push_back(std::string(kHttp) + host);
  for (PublicUrl& url : options.public_urls) {
    if (url.is_https) secure_hosts_.push_back(url.host);
    hosts_.push_back(std::move(url.host));
    origins_.push_back(std::move(url.origin));
  }
}

std::optional<Reply> Guard::answer(const Request& request) const {
  auto reply = find_refusal(request);
  if (reply) add_headers(*reply, cross_origin_headers(request));
  return reply;
}

std::optional<Reply> Guard::find_refusal(const Request& request) const {
  if (!knows_host(request)) {
    return refuse_as(request,
                     {.status = 421,
                      .message = "this server does not have the name that was asked for",
                      .remedy = "start it with --public-url URL, where URL is what people open"});
  }
  const bool is_admitted = is_from_admitted_site(request);
  const bool is_foreign =
      !knows_origin(request) || (comes_from_elsewhere(request) && !opens_page(request));
  if (is_foreign && !is_admitted) {
    return refuse_as(
        request,
        {.status = 403,
         .message = "requests from other sites are refused",
         .remedy = is_for_api(request) ? "start the server with --allow-origin ORIGIN" : ""});
  }
  if (is_admitted && is_preflight(request)) return answer_preflight(request);
  const auto keys = request.query.equal_range("key");
  const bool is_key_in_url = request.path == "/" && is_get(request) && keys.first != keys.second;
  if (is_key_in_url && key_) {
    const bool is_right = std::next(keys.first) == keys.second && is_key_of_url(keys.first->second);
    return is_right ? admit_with_cookie(request) : no_key(request);
  }
  if (!has_key(request)) {
    // A link on another site: the browser keeps the cookie back until this page asks by itself.
    const bool is_link = opens_page(request) && comes_from_elsewhere(request);
    return is_link ? page_reply(200, kReloadPage) : no_key(request);
  }
  if (request.method == "POST" && !has_json_body(request)) {  // nothing else changes anything
    return refuse_as(request, {.status = 415,
                               .message = "the body must be JSON",
                               .remedy = "send it with Content-Type: application/json"});
  }
  return std::nullopt;
}

Reply Guard::refuse_body(const Request& request) const {
  if (auto reply = answer(request)) return *std::move(reply);
  Reply reply = refuse_as(
      request, {.status = 413, .message = "the body is too long", .remedy = "send at most 1 MiB"});
  add_headers(reply, cross_origin_headers(request));
  return reply;
}

// Not with the cookie: it belongs to the page.
bool Guard::is_from_admitted_site(const Request& request) const {
  const auto origins = headers_named(request, "Origin");
  return origins.size() == 1 && is_for_api(request) &&
         contains(admitted_, wire::lower_case(origins.front()));
}

httpd::Headers Guard::cross_origin_headers(const Request& request) const {
  if (!is_from_admitted_site(request)) return {};
  return {{"Access-Control-Allow-Origin", request.header("Origin")},
          {"Access-Control-Expose-Headers", "x-request-id, retry-after, x-rellama-turns-dropped"},
          {"Vary", "Origin"}};
}

bool Guard::knows_host(const Request& request) const {
  const auto hosts = headers_named(request, "Host");
  return hosts.size() == 1 && contains(hosts_, wire::lower_case(hosts.front()));
}

// Compared with a list, never with the Host: a name that was made to resolve to this machine would
// be equal to itself.
bool Guard::knows_origin(const Request& request) const {
  const auto origins = headers_named(request, "Origin");
  return std::all_of(origins.begin(), origins.end(), [this](std::string_view origin) {
    return contains(origins_, wire::lower_case(origin));
  });
}

// The one place that reads keys, whatever header carries them.
bool Guard::has_key(const Request& request) const {
  if (!key_) return true;
  constexpr std::string_view kBearer = "bearer ";
  bool found = false;
  const auto check = [&](std::string_view given) {
    if (same_secret(given, *key_)) found = true;
  };
  for (const std::string_view value : headers_named(request, "x-api-key")) check(trim(value));
  for (const std::string_view value : headers_named(request, "Authorization")) {
    if (wire::lower_case(value.substr(0, kBearer.size())) == kBearer) {
      check(trim(value.substr(kBearer.size())));
    }
  }
  if (is_from_admitted_site(request)) return found;
  for (std::string_view rest : headers_named(request, "Cookie")) {
    while (!rest.empty()) {
      const std::string_view pair = trim(rest.substr(0, rest.find(';')));
      rest.remove_prefix(std::min(rest.find(';'), rest.size() - 1) + 1);
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != cookie_name_) continue;
      check(pair.substr(equals + 1));
    }
  }
  return found;
}

bool Guard::is_key_of_url(const std::string& given) const {
  if (same_secret(given, *key_)) return true;
  return !one_time_key_.empty() && same_secret(given, one_time_key_) &&
         !one_time_key_used_.exchange(true);
}

Reply Guard::admit_with_cookie(const Request& request) const {
  std::string cookie = cookie_name_ + "=" + *key_ + "; Path=/; Max-Age=" + kCookieLife +
                       "; HttpOnly; SameSite=Strict";
  if (contains(secure_hosts_, wire::lower_case(request.header("Host")))) cookie += "; Secure";
  Reply reply = comes_from_elsewhere(request) ? page_reply(200, kReloadPage) : empty_reply(303);
  if (reply.body.empty()) reply.headers.emplace_back("Location", "/");
  reply.headers.emplace_back("Set-Cookie", std::move(cookie));
  return reply;
}

}  // namespace rellama::web
