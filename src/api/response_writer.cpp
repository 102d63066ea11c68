// OpenAI's responses: https://platform.openai.com/docs/api-reference/responses-streaming

#include <utility>

#include "api/writers.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

class ResponseWriter final : public AnswerWriter {
 public:
  std::string begin(const AnswerHead& head) override {
    head_ = head;
    std::string text = event("response.created", {{"response", response("in_progress")}});
    text += event("response.in_progress", {{"response", response("in_progress")}});
    text += event("response.output_item.added",
                  {{"output_index", 0}, {"item", item("in_progress", Json::array())}});
    text += event("response.content_part.added", place({{"part", part()}}));
    return text;
  }

  std::string add(std::string_view text) override {
    text_ += text;
    return event("response.output_text.delta",
                 place({{"delta", text}, {"logprobs", Json::array()}}));
  }

  std::string end(const AnswerEnd& end) override {
    std::string text =
        event("response.output_text.done", place({{"text", text_}, {"logprobs", Json::array()}}));
    text += event("response.content_part.done", place({{"part", part()}}));
    text += event("response.output_item.done", {{"output_index", 0}, {"item", finished_item(end)}});
    const Json whole = finished_response(end);
    return text + event(end.is_cut_short ? "response.incomplete" : "response.completed",
                        {{"response", whole}});
  }

  std::string fail(const Failure& failure) override {
    const Json error{{"code", failure.code.empty() ? "server_error" : failure.code},
                     {"message", failure.message}};
    Json failed = response("failed");
    failed["error"] = error;
    return event("response.failed", {{"response", std::move(failed)}});
  }

  std::string whole(const AnswerHead& head, std::string_view text, const AnswerEnd& end) override {
    head_ = head;
    text_ = text;
    return wire::render_json(finished_response(end));
  }

 private:
  // The members every event has around its own.
  std::string event(const char* type, Json members) {
    Json data{{"type", type}, {"sequence_number", number_++}};
    data.update(std::move(members));
    return render_event(type, data);
  }

  [[nodiscard]] std::string item_id() const { return "msg_" + head_.id; }

  [[nodiscard]] Json place(Json members) const {
    Json placed{{"item_id", item_id()}, {"output_index", 0}, {"content_index", 0}};
    placed.update(std::move(members));
    return placed;
  }

  [[nodiscard]] Json part() const {
    return {{"type", "output_text"},
            {"text", text_},
            {"annotations", Json::array()},
            {"logprobs", Json::array()}};
  }

  [[nodiscard]] Json item(const char* status, Json content) const {
    Json item{{"id", item_id()}, {"type", "message"}, {"status", status}, {"role", "assistant"}};
    item["content"] = std::move(content);
    return item;
  }

  [[nodiscard]] Json finished_item(const AnswerEnd& end) const {
    return item(end.is_cut_short ? "incomplete" : "completed", Json::array({part()}));
  }

  [[nodiscard]] Json response(const char* status) const {
    Json json{{"id", head_.id},
              {"object", "response"},
              {"created_at", seconds_of(head_.created)},
              {"status", status},
              {"background", false},
              {"error", nullptr},
              {"incomplete_details", nullptr},
              {"instructions", nullptr},
              {"metadata", Json::object()},
              {"model", head_.model},
              {"output", Json::array()},
              {"parallel_tool_calls", false},
              {"previous_response_id", nullptr},
              {"store", false},
              {"text", {{"format", {{"type", "text"}}}}},
              {"tool_choice", "none"},
              {"tools", Json::array()},
              {"usage", nullptr}};
    return json;
  }

  [[nodiscard]] Json finished_response(const AnswerEnd& end) const {
    Json json = response(end.is_cut_short ? "incomplete" : "completed");
    if (end.is_cut_short) json["incomplete_details"] = {{"reason", "max_output_tokens"}};
    json["output"] = Json::array({finished_item(end)});
    json["usage"] = {{"input_tokens", end.input_tokens},
                     {"input_tokens_details", {{"cached_tokens", 0}}},
                     {"output_tokens", end.output_tokens},
                     {"output_tokens_details", {{"reasoning_tokens", 0}}},
                     {"total_tokens", end.input_tokens + end.output_tokens}};
    return json;
  }

  AnswerHead head_ = {};
  std::string text_;
  std::int64_t number_ = 0;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_response_writer() {
  return std::make_unique<ResponseWriter>();
}

}  // namespace rellama::api
