// OpenAI's chat completions and completions.

#include <utility>

#include "api/writers.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

constexpr const char* kDone = "data: [DONE]\n\n";

Json usage_json(const AnswerEnd& end) {
  return {{"prompt_tokens", end.input_tokens},
          {"completion_tokens", end.output_tokens},
          {"total_tokens", end.input_tokens + end.output_tokens}};
}

const char* finish_reason(const AnswerEnd& end) {
  return end.is_cut_short && !end.stop ? "length" : "stop";
}

/// What the two have in common. They differ in what a choice contains.
class OpenAiWriter : public AnswerWriter {
 public:
  OpenAiWriter(const char* object, const char* chunk, bool include_usage)
      : object_(object), chunk_(chunk), include_usage_(include_usage) {}

  std::string begin(const AnswerHead& head) override {
    head_ = head;
    const std::string frame = wire::render_json(envelope(chunk_, Json::array()));
    // Each part of the answer is one event, written between these.
    const std::size_t choices = frame.rfind("[]") + 1;
    before_ = "data: " + frame.substr(0, choices) + R"({"index":0,)";
    after_ = "}" + frame.substr(choices) + "\n\n";
    return {};
  }

  std::string end(const AnswerEnd& end) override {
    std::string text = chunk(last_choice() + R"(,"finish_reason":")" + finish_reason(end) + '"');
    if (include_usage_) {
      Json usage = envelope(chunk_, Json::array());
      usage["usage"] = usage_json(end);
      text += render_event(usage);
    }
    return text + kDone;
  }

  std::string fail(const Failure& failure) override {
    return "data: " + render_failure(Protocol::openai, failure) + "\n\n";
  }

  std::string whole(const AnswerHead& head, std::string_view text, const AnswerEnd& end) override {
    head_ = head;
    Json choice{{"index", 0}};
    set_answer(choice, text);
    choice["logprobs"] = nullptr;
    choice["finish_reason"] = finish_reason(end);
    Json answer = envelope(object_, Json::array({std::move(choice)}));
    answer["usage"] = usage_json(end);
    return wire::render_json(answer);
  }

 protected:
  /// One event with these members of its only choice.
  [[nodiscard]] std::string chunk(const std::string& members) const {
    return before_ + members + after_;
  }
  /// What the last choice has instead of text.
  [[nodiscard]] virtual std::string last_choice() const = 0;
  virtual void set_answer(Json& choice, std::string_view text) const = 0;

 private:
  [[nodiscard]] Json envelope(const char* object, Json choices) const {
    Json json{{"id", head_.id},
              {"object", object},
              {"created", seconds_of(head_.created)},
              {"model", head_.model}};
    json["choices"] = std::move(choices);
    return json;
  }

  const char* const object_;
  const char* const chunk_;
  const bool include_usage_;
  AnswerHead head_ = {};
  std::string before_;
  std::string after_;
};

class ChatWriter final : public OpenAiWriter {
 public:
  explicit ChatWriter(bool include_usage)
      : OpenAiWriter("chat.completion", "chat.completion.chunk", include_usage) {}

  std::string begin(const AnswerHead& head) override {
    (void)OpenAiWriter::begin(head);
    return chunk(R"("delta":{"role":"assistant","content":""},"finish_reason":null)");
  }

  std::string add(std::string_view text) override {
    std::string members = R"("delta":{"content":)";
    wire::append_json_text(members, text);
    members += R"(},"finish_reason":null)";
    return chunk(members);
  }

 private:
  [[nodiscard]] std::string last_choice() const override { return R"("delta":{})"; }
  void set_answer(Json& choice, std::string_view text) const override {
    choice["message"] = {{"role", "assistant"}, {"content", text}, {"refusal", nullptr}};
  }
};

class CompletionWriter final : public OpenAiWriter {
 public:
  explicit CompletionWriter(bool include_usage)
      : OpenAiWriter("text_completion", "text_completion", include_usage) {}

  std::string add(std::string_view text) override {
    std::string members = R"("text":)";
    wire::append_json_text(members, text);
    members += R"(,"logprobs":null,"finish_reason":null)";
    return chunk(members);
  }

 private:
  [[nodiscard]] std::string last_choice() const override { return R"("text":"","logprobs":null)"; }
  void set_answer(Json& choice, std::string_view text) const override { choice["text"] = text; }
};

}  // namespace

std::unique_ptr<AnswerWriter> make_chat_writer(bool include_usage) {
  return std::make_unique<ChatWriter>(include_usage);
}

std::unique_ptr<AnswerWriter> make_completion_writer(bool include_usage) {
  return std::make_unique<CompletionWriter>(include_usage);
}

}  // namespace rellama::api
