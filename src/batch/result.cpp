#include "batch/result.hpp"

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "batch/record.hpp"
#include "rellama/outcome.hpp"
#include "wire/iso_time.hpp"
#include "wire/json_document.hpp"

namespace rellama::batch {
namespace {

Json parse_or_null(const std::string& text) {
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return value.is_discarded() ? Json() : value;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json output_of(const Prediction& prediction) {
  const Output& output = prediction.output;
  if (!output.json().empty()) return parse_or_null(output.json());
  return output.empty() ? Json() : Json(output.text());
}

std::string_view status_of(const RowOutcome& outcome) {
  const Status status = outcome.prediction.status;
  if (is_terminal(status)) return render_status(status);
  return outcome.error ? "failed" : render_status(status);
}

Json error_of(const RowOutcome& outcome) {
  if (!outcome.error) return {};
  return {{"kind", traits(outcome.error->kind()).name}, {"message", outcome.error->what()}};
}

Json result_json(const RowOutcome& outcome) {
  constexpr double kThousand = 1000;
  return {{"id", text_or_null(outcome.id)},
          {"row", outcome.row},
          {"line", outcome.line},
          {"status", status_of(outcome)},
          {"output", outcome.error ? Json() : output_of(outcome.prediction)},
          {"error", error_of(outcome)},
          {"prediction", text_or_null(outcome.prediction.id.value)},
          {"model", text_or_null(outcome.model)},
          {"metrics", parse_or_null(outcome.prediction.metrics.text)},
          {"seconds", std::round(outcome.seconds * kThousand) / kThousand}};
}

std::int64_t created_seconds(const Prediction& prediction) {
  const auto created = wire::parse_iso_time(prediction.created_at);
  if (!created) return 0;
  return std::chrono::duration_cast<std::chrono::seconds>(created->time_since_epoch()).count();
}

// https://platform.openai.com/docs/api-reference/chat/object
Json completion_json(const RowOutcome& outcome) {
  const Prediction& prediction = outcome.prediction;
  const Usage usage = usage_of(prediction);
  Json choice{{"index", 0}};
  const std::string text =
      prediction.output.json().empty() ? prediction.output.text() : prediction.output.json();
  if (outcome.is_chat) {
    choice["message"] = {{"role", "assistant"}, {"content", text}};
  } else {
    choice["text"] = text;
  }
  choice["logprobs"] = nullptr;
  choice["finish_reason"] = find_token_limit_reached(prediction) ? "length" : "stop";
  const std::int64_t input = usage.input_tokens.value_or(0);
  const std::int64_t output = usage.output_tokens.value_or(0);
  return {{"id", prediction.id.value},
          {"object", outcome.is_chat ? "chat.completion" : "text_completion"},
          {"created", created_seconds(prediction)},
          {"model", outcome.model},
          {"choices", Json::array({choice})},
          {"usage",
           {{"prompt_tokens", input},
            {"completion_tokens", output},
            {"total_tokens", input + output}}}};
}

// https://platform.openai.com/docs/api-reference/batch/request-output
Json openai_json(const RowOutcome& outcome) {
  Json line{{"id", "batch_req_" + std::to_string(outcome.row)},
            {"custom_id", outcome.id},
            {"response", nullptr},
            {"error", nullptr}};
  if (outcome.error) {
    line["error"] = {{"code", traits(outcome.error->kind()).name},
                     {"message", outcome.error->what()}};
  } else {
    line["response"] = {{"status_code", 200},
                        {"request_id", outcome.prediction.id.value},
                        {"body", completion_json(outcome)}};
  }
  return line;
}

std::string text_result(const RowOutcome& outcome) {
  if (outcome.error) return {};
  const Output& output = outcome.prediction.output;
  std::string text = output.json().empty() ? output.text() : output.json();
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

std::string directory_result(const RowOutcome& outcome) {
  if (outcome.error) return "error.json\n" + wire::render_json(result_json(outcome)) + "\n";
  const bool is_text = outcome.prediction.output.json().empty();
  return (is_text ? "txt\n" : "json\n") + text_result(outcome);
}

std::string render(ResultForm form, const RowOutcome& outcome) {
  switch (form) {
    case ResultForm::text: return text_result(outcome);
    case ResultForm::openai: return wire::render_json(openai_json(outcome)) + "\n";
    case ResultForm::directory: return directory_result(outcome);
    case ResultForm::jsonl: break;
  }
  return wire::render_json(result_json(outcome)) + "\n";
}

}  // namespace

RowResult render_result(ResultForm form, const RowOutcome& outcome) {
  const Usage usage = usage_of(outcome.prediction);
  return {.answered = !outcome.error,
          .kind = outcome.error ? std::string(traits(outcome.error->kind()).name) : std::string(),
          .prediction = outcome.prediction.id.value,
          .text = render(form, outcome),
          .input_tokens = usage.input_tokens.value_or(0),
          .output_tokens = usage.output_tokens.value_or(0),
          .seconds = usage.seconds.value_or(0)};
}

}  // namespace rellama::batch
