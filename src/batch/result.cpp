#include "batch/result.hpp"

#include <array>
#include <chrono>
#include <cstdio>
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

// Without an answer, a row has failed even if its prediction has not.
std::string_view status_of(const RowOutcome& outcome) {
  const Status status = outcome.prediction.status;
  const bool ended_so = is_terminal(status) && status != Status::succeeded;
  return outcome.error && !ended_so ? "failed" : render_status(status);
}

Json error_of(const RowOutcome& outcome) {
  if (!outcome.error) return {};
  return {{"kind", traits(outcome.error->kind()).name}, {"message", outcome.error->what()}};
}

void append_text_or_null(std::string& json, std::string_view text) {
  text.empty() ? void(json += "null") : wire::append_json_text(json, text);
}

// JSON of the server, on one line.
void append_json_or_null(std::string& json, const std::string& text) {
  if (text.empty()) {
    json += "null";
  } else if (text.find_first_of("\r\n") == std::string::npos) {
    json += text;
  } else {
    json += wire::render_json(parse_or_null(text));
  }
}

void append_output(std::string& json, const RowOutcome& outcome) {
  const Output& output = outcome.prediction.output;
  if (outcome.error || output.empty()) {
    json += "null";
  } else if (!output.json().empty()) {
    append_json_or_null(json, output.json());
  } else {
    wire::append_json_text(json, output.text());
  }
}

// Written directly: building a JSON value takes ten times as long, which is a tenth of all that a
// row takes.
std::string result_line(const RowOutcome& outcome) {
  std::string json;
  json.reserve(outcome.prediction.output.text().size() + outcome.prediction.metrics.text.size() +
               512);
  json += R"({"id":)";
  append_text_or_null(json, outcome.id);
  json += R"(,"row":)" + std::to_string(outcome.row);
  json += R"(,"line":)" + std::to_string(outcome.line);
  json += R"(,"status":")";
  json += status_of(outcome);
  json += R"(","output":)";
  append_output(json, outcome);
  json += R"(,"error":)";
  json += outcome.error ? wire::render_json(error_of(outcome)) : "null";
  json += R"(,"prediction":)";
  append_text_or_null(json, outcome.prediction.id.value);
  json += R"(,"model":)";
  append_text_or_null(json, outcome.model);
  json += R"(,"metrics":)";
  append_json_or_null(json, outcome.prediction.metrics.text);
  std::array<char, 32> end{};
  std::snprintf(end.data(), end.size(), R"(,"seconds":%.3f})", outcome.seconds);
  json += end.data();
  json += '\n';
  return json;
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
            {"custom_id", outcome.id.empty() ? Json() : Json(outcome.id)},
            {"response", nullptr},
            {"error", nullptr}};
  if (outcome.error) {
    line["error"] = {
        {"code", traits(outcome.error->kind()).name},
        {"message", "line " + std::to_string(outcome.line) + ": " + outcome.error->what()}};
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
  if (outcome.error) return "error.json\n" + result_line(outcome);
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
  return result_line(outcome);
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
