#include "emulator/reply.hpp"

#include "emulator/request.hpp"

namespace rellama::emulator {
namespace {

// A chunk may end inside a character (see ReplyMode::echo_bytes), which JSON cannot express.
std::string dump(const Json& body) {
  return body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Reply problem_reply(int status, const Json& body) {
  Reply reply = json_reply(body, status);
  reply.content_type = "application/problem+json";
  return reply;
}

}  // namespace

Reply json_reply(const Json& body, int status) {
  return {.status = status, .body = dump(body)};
}

Reply redirect(const Request& request) {
  const std::string port = request.origin.substr(request.origin.rfind(':'));
  const bool by_name = request.origin.find("localhost") != std::string::npos;
  Reply reply{.status = 302, .content_type = ""};
  reply.headers.emplace_back("Location", std::string("http://") +
                                             (by_name ? "127.0.0.1" : "localhost") + port +
                                             request.recorded.path + "?redirected=1");
  return reply;
}

Reply problem(int status, std::string_view title, std::string_view detail) {
  Json body = Json::object();
  if (!title.empty()) body["title"] = title;
  body["detail"] = detail;
  body["status"] = status;
  return problem_reply(status, body);
}

Reply not_found() {
  return problem(404, "", "The requested resource was not found");
}

Reply invalid(const std::vector<InvalidField>& fields) {
  std::string detail;
  Json list = Json::array();
  for (const InvalidField& field : fields) {
    detail += "- " + field.field + (field.field.empty() ? "" : ": ") + field.description + "\n";
    list.push_back(
        {{"type", field.type}, {"field", field.field}, {"description", field.description}});
  }
  return problem_reply(422, {{"detail", detail},
                             {"status", 422},
                             {"title", "Input validation failed"},
                             {"invalid_fields", list}});
}

}  // namespace rellama::emulator
