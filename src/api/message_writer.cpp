// Anthropic's messages: https://docs.anthropic.com/en/docs/build-with-claude/streaming

#include "api/writers.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

class MessageWriter final : public AnswerWriter {
 public:
  std::string begin(const AnswerHead& head) override {
    head_ = head;
    std::string text =
        event("message_start", {{"message", message(Json::array(), Json(), Json(), {})}});
    text += event("content_block_start",
                  {{"index", 0}, {"content_block", {{"type", "text"}, {"text", ""}}}});
    return text + keep_alive();
  }

  std::string add(std::string_view text) override {
    return event("content_block_delta",
                 {{"index", 0}, {"delta", {{"type", "text_delta"}, {"text", text}}}});
  }

  std::string end(const AnswerEnd& end) override {
    std::string text = event("content_block_stop", {{"index", 0}});
    text += event(
        "message_delta",
        {{"delta", {{"stop_reason", stop_reason(end)}, {"stop_sequence", stop_sequence(end)}}},
         {"usage", usage(end)}});
    return text + event("message_stop", Json::object());
  }

  std::string fail(const Failure& failure) override {
    return "event: error\ndata: " + render_failure(Protocol::anthropic, failure) + "\n\n";
  }

  // Comments do not reach the watchdog of the clients.
  std::string keep_alive() override { return event("ping", Json::object()); }

  std::string whole(const AnswerHead& head, std::string_view text, const AnswerEnd& end) override {
    head_ = head;
    const Json content = Json::array({Json{{"type", "text"}, {"text", text}}});
    return wire::render_json(message(content, stop_reason(end), stop_sequence(end), end));
  }

 private:
  static std::string event(const char* type, const Json& members) {
    Json data{{"type", type}};
    data.update(members);
    return render_event(type, data);
  }

  static Json stop_reason(const AnswerEnd& end) {
    if (end.stop) return "stop_sequence";
    return end.is_cut_short ? "max_tokens" : "end_turn";
  }

  static Json stop_sequence(const AnswerEnd& end) { return end.stop ? Json(*end.stop) : Json(); }

  static Json usage(const AnswerEnd& end) {
    return {{"input_tokens", end.input_tokens}, {"output_tokens", end.output_tokens}};
  }

  [[nodiscard]] Json message(const Json& content, const Json& reason, const Json& sequence,
                             const AnswerEnd& end) const {
    return {{"id", head_.id},
            {"type", "message"},
            {"role", "assistant"},
            {"model", head_.model},
            {"content", content},
            {"stop_reason", reason},
            {"stop_sequence", sequence},
            {"usage", usage(end)}};
  }

  AnswerHead head_ = {};
};

}  // namespace

std::unique_ptr<AnswerWriter> make_message_writer() {
  return std::make_unique<MessageWriter>();
}

}  // namespace rellama::api
