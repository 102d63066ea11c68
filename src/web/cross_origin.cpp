#include "web/cross_origin.hpp"

#include <algorithm>

#include "rellama/error.hpp"
#include "web/reply.hpp"
#include "wire/lower_case.hpp"

namespace rellama::web {

std::string parse_origin(const std::string& text) {
  std::string origin = wire::lower_case(text);
  if (origin.ends_with('/')) origin.pop_back();
  const std::size_t scheme = origin.find("://");
  const bool has_host = scheme != std::string::npos && scheme > 0 && scheme + 3 < origin.size();
  if (!has_host || origin.find_first_of("/?#@*, \t\"\\", scheme + 3) != std::string::npos ||
      origin.find_first_of(" \t,*") < scheme) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "cannot use --allow-origin " + text,
                 .why = "it is not the origin of a site",
                 .remedy = "use https://HOST or http://HOST:PORT, once for each site"});
  }
  return origin;
}

bool is_preflight(const httpd::Request& request) {
  return request.method == "OPTIONS" && !request.header("Access-Control-Request-Method").empty();
}

httpd::Reply answer_preflight(const httpd::Request& request) {
  constexpr const char* kLife = "600";  // in seconds
  httpd::Reply reply = empty_reply(204);
  reply.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST");
  const std::string asked = request.header("Access-Control-Request-Headers");
  const bool is_plain = std::all_of(asked.begin(), asked.end(), [](char c) {
    return c == '-' || c == '_' || c == ',' || c == ' ' || (c >= '0' && c <= '9') ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  reply.headers.emplace_back(
      "Access-Control-Allow-Headers",
      asked.empty() || !is_plain ? "authorization, content-type, x-api-key" : asked);
  reply.headers.emplace_back("Access-Control-Max-Age", kLife);
  if (request.header("Access-Control-Request-Private-Network") == "true") {
    reply.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  return reply;
}

}  // namespace rellama::web
