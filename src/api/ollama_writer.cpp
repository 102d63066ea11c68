// https://github.com/ollama/ollama/blob/main/docs/api.md

#include "api/writers.hpp"
#include "wire/iso_time.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

/// A line of JSON for each part of the answer.
class OllamaWriter final : public AnswerWriter {
 public:
  explicit OllamaWriter(bool is_chat) : is_chat_(is_chat) {}

  [[nodiscard]] const char* stream_type() const override { return "application/x-ndjson"; }

  std::string begin(const AnswerHead& head) override {
    head_ = head;
    return {};
  }

  std::string add(std::string_view text) override { return line(part(text, false)); }

  std::string end(const AnswerEnd& end) override { return line(last("", end)); }

  std::string fail(const Failure& failure) override {
    return render_failure(Protocol::ollama, failure) + "\n";
  }

  // The protocol has no comments.
  std::string keep_alive() override { return add(""); }

  std::string whole(const AnswerHead& head, std::string_view text, const AnswerEnd& end) override {
    head_ = head;
    return wire::render_json(last(text, end));
  }

 private:
  static std::string line(const Json& json) { return wire::render_json(json) + "\n"; }

  [[nodiscard]] Json part(std::string_view text, bool is_last) const {
    Json json{{"model", head_.model},
              {"created_at", wire::render_iso_time(std::chrono::system_clock::now())}};
    if (is_chat_) {
      json["message"] = {{"role", "assistant"}, {"content", text}};
    } else {
      json["response"] = text;
    }
    json["done"] = is_last;
    return json;
  }

  [[nodiscard]] Json last(std::string_view text, const AnswerEnd& end) const {
    Json json = part(text, true);
    json["done_reason"] = end.is_cut_short && !end.stop ? "length" : "stop";
    json["total_duration"] = (end.waited + end.answered).count();
    json["load_duration"] = 0;
    json["prompt_eval_count"] = end.input_tokens;
    json["prompt_eval_duration"] = end.waited.count();
    json["eval_count"] = end.output_tokens;
    json["eval_duration"] = end.answered.count();
    return json;
  }

  const bool is_chat_;
  AnswerHead head_ = {};
};

}  // namespace

std::string render_loaded(const Endpoint& endpoint, const std::string& model) {
  Json json{{"model", model},
            {"created_at", wire::render_iso_time(std::chrono::system_clock::now())}};
  if (endpoint.kind == Kind::ollama_chat) {
    json["message"] = {{"role", "assistant"}, {"content", ""}};
  } else {
    json["response"] = "";
  }
  json["done"] = true;
  json["done_reason"] = "load";
  return wire::render_json(json);
}

std::unique_ptr<AnswerWriter> make_ollama_writer(bool is_chat) {
  return std::make_unique<OllamaWriter>(is_chat);
}

}  // namespace rellama::api
