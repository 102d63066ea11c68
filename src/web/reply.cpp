#include "web/reply.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "wire/json_document.hpp"

namespace rellama::web {
namespace {

// Only this server is ever contacted, no script but ours runs, and the page is shown in no frame.
constexpr const char* kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

httpd::Headers headers_of(const char* media_type) {
  httpd::Headers headers{{"Content-Type", media_type}, {"Cache-Control", "no-store"}};
  add_safety_headers(headers);
  return headers;
}

}  // namespace

Refusal refusal_of(const Error& error) {
  const ErrorParts& parts = error.parts();
  std::string message = parts.failed;
  if (!parts.why.empty()) message += ": " + parts.why;
  return {.status = traits(error.kind()).http_status,
          .message = std::move(message),
          .remedy = parts.remedy};
}

void add_safety_headers(httpd::Headers& headers) {
  headers.emplace_back("Content-Security-Policy", kContentPolicy);
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("Referrer-Policy", "no-referrer");
  headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

void add_headers(httpd::Reply& reply, const httpd::Headers& more) {
  reply.headers.insert(reply.headers.end(), more.begin(), more.end());
}

httpd::Reply json_reply(int status, std::string body) {
  return {.status = status,
          .headers = headers_of("application/json; charset=utf-8"),
          .body = std::move(body)};
}

httpd::Reply refuse(const Refusal& refusal) {
  nlohmann::ordered_json error{{"message", refusal.message}};
  if (!refusal.remedy.empty()) error["remedy"] = refusal.remedy;
  if (!refusal.param.empty()) error["param"] = refusal.param;
  httpd::Reply reply =
      json_reply(refusal.status, wire::render_json(nlohmann::ordered_json{{"error", error}}));
  if (refusal.retry_after.count() > 0) {
    reply.headers.emplace_back("Retry-After", std::to_string(refusal.retry_after.count()));
  }
  return reply;
}

httpd::Reply empty_reply(int status) {
  httpd::Reply reply{.status = status, .headers = {{"Cache-Control", "no-store"}}, .body = {}};
  add_safety_headers(reply.headers);
  return reply;
}

}  // namespace rellama::web
