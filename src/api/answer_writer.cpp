#include "api/answer_writer.hpp"

#include "api/writers.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {

std::unique_ptr<AnswerWriter> make_writer(const Endpoint& endpoint, const Order& order) {
  switch (endpoint.kind) {
    case Kind::chat: return make_chat_writer(order.include_usage);
    case Kind::completion: return make_completion_writer(order.include_usage);
    case Kind::response: return make_response_writer();
    case Kind::ollama_chat: return make_ollama_writer(true);
    case Kind::ollama_generate: return make_ollama_writer(false);
    case Kind::message: break;
  }
  return make_message_writer();
}

std::int64_t seconds_of(std::chrono::system_clock::time_point time) noexcept {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string render_event(const Json& data) {
  return "data: " + wire::render_json(data) + "\n\n";
}

std::string render_event(std::string_view name, const Json& data) {
  return "event: " + std::string(name) + "\n" + render_event(data);
}

}  // namespace rellama::api
