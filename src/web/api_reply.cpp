#include "web/api_reply.hpp"

#include <utility>

#include "web/reply.hpp"

namespace rellama::web {
namespace {

void add_request_id(httpd::Headers& headers, const std::string& prediction) {
  if (!prediction.empty()) headers.emplace_back("x-request-id", prediction);
}

}  // namespace

httpd::Reply api_reply(int status, std::string body, const std::string& prediction) {
  httpd::Reply reply = json_reply(status, std::move(body));
  add_request_id(reply.headers, prediction);
  return reply;
}

httpd::Reply api_failure(api::Protocol protocol, const api::Failure& failure,
                         const std::string& prediction) {
  return api_reply(failure.status, api::render_failure(protocol, failure), prediction);
}

httpd::Head api_stream(const char* media_type, const std::string& prediction) {
  httpd::Head head{.status = kStatusOk,
                   .headers = {{"Content-Type", media_type},
                               {"Cache-Control", "no-store"},
                               {"X-Accel-Buffering", "no"}}};  // nginx would hold it back
  add_safety_headers(head.headers);
  add_request_id(head.headers, prediction);
  return head;
}

}  // namespace rellama::web
