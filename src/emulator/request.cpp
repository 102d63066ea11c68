#include "emulator/request.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace rellama::emulator {
namespace {

using httpd::same_header_name;

/// Any token is accepted except these, which stand for invalid ones.
bool is_accepted(std::string_view token) {
  constexpr std::array<std::string_view, 3> kRefused{"", "invalid", "r8_invalid"};
  return std::ranges::find(kRefused, token) == kRefused.end();
}

/// The only place that sees the token. It is not kept.
void read_authorization(std::string_view value, Request& request) {
  const std::size_t space = std::min(value.find(' '), value.size());
  request.recorded.authorized = true;
  request.recorded.authorization_scheme = value.substr(0, space);
  value.remove_prefix(std::min(value.find_first_not_of(' ', space), value.size()));
  const std::string& scheme = request.recorded.authorization_scheme;
  request.token_accepted =
      (same_header_name(scheme, "Bearer") || same_header_name(scheme, "Token")) &&
      is_accepted(value);
}

}  // namespace

std::string Request::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

Request read_request(httpd::Request from, const std::string& own_host) {
  Request request;
  RecordedRequest& recorded = request.recorded;
  recorded.method = std::move(from.method);
  recorded.path = std::move(from.path);
  recorded.target = std::move(from.target);
  recorded.body = std::move(from.body);
  for (auto& [name, value] : from.headers) {
    if (same_header_name(name, "Authorization")) {
      read_authorization(value, request);
    } else if (!same_header_name(name, "Proxy-Authorization")) {
      recorded.headers.emplace_back(std::move(name), std::move(value));
    }
  }
  request.query = std::move(from.query);
  const std::string host = recorded.header("Host");
  // A proxy in front says which protocol its clients use.
  const bool secure = recorded.header("X-Forwarded-Proto") == "https";
  request.origin = (secure ? "https://" : "http://") + (host.empty() ? own_host : host);
  return request;
}

}  // namespace rellama::emulator
