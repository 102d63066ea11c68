#include "commands/compare/comparison_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "rellama/outcome.hpp"
#include "terminal/table.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSomeFailed = 12;

std::string render_number(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

// A poll delivers many tokens in one event, so the pieces of a final output are the better count.
std::size_t counted_tokens(const RunResult& result) {
  return std::max(result.output_events, result.prediction.output.piece_count());
}

std::string tokens_of(const RunResult& result, const Usage& usage) {
  if (usage.output_tokens) return std::to_string(*usage.output_tokens);
  const std::size_t counted = counted_tokens(result);
  return counted == 0 ? "-" : "~" + std::to_string(counted);
}

// As reported, or else the number of tokens by the time in which they arrived.
std::string rate_of(const RunResult& result, const Usage& usage) {
  if (usage.tokens_per_second) return render_number(*usage.tokens_per_second, 1);
  const double tokens = usage.output_tokens ? static_cast<double>(*usage.output_tokens)
                                            : static_cast<double>(counted_tokens(result));
  const double seconds =
      usage.seconds.value_or(result.seconds - result.first_output.value_or(result.seconds));
  constexpr double kTooShort = 0.001;
  if (tokens == 0 || seconds < kTooShort) return "-";
  return "~" + render_number(tokens / seconds, 1);
}

std::string status_word(const RunResult& result) {
  if (result.error && !is_terminal(result.prediction.status)) {
    return std::string(traits(result.error->kind()).name);
  }
  return std::string(render_status(result.prediction.status));
}

std::vector<std::string> row_of(const ComparedRun& run, const RunResult& result) {
  const Usage usage = usage_of(result.prediction);
  return {run.label,
          result.first_output ? render_number(*result.first_output, 2) + " s" : "-",
          rate_of(result, usage),
          tokens_of(result, usage),
          render_number(result.seconds, 2),
          status_word(result)};
}

template <typename Value>
Json value_or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

// The prediction's own output is exact. If the run was cut short, use what was received.
Json output_of(const RunResult& result) {
  const Output& output = result.prediction.output;
  if (!output.json().empty()) {
    Json value = wire::find_json(output.json());
    return value.is_discarded() ? Json() : value;
  }
  const std::string& text = result.text.size() > output.text().size() ? result.text : output.text();
  return text.empty() && output.empty() ? Json() : Json(text);
}

Json status_of(const Prediction& prediction) {
  if (prediction.status != Status::unknown) return render_status(prediction.status);
  return text_or_null(prediction.status_text);
}

}  // namespace

std::string render_comparison(const std::vector<ComparedRun>& runs,
                              const std::vector<RunResult>& results, std::size_t columns) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < runs.size(); ++i) rows.push_back(row_of(runs[i], results[i]));
  return terminal::render_table({{.title = "RUN"},
                                 {.title = "FIRST TOKEN", .rank = 2},
                                 {.title = "TOKENS/S", .rank = 1},
                                 {.title = "TOKENS", .rank = 3},
                                 {.title = "SECONDS", .rank = 1},
                                 {.title = "STATUS"}},
                                rows, columns);
}

Json result_json(const ComparedRun& run, const RunResult& result) {
  const Usage usage = usage_of(result.prediction);
  Json object;
  object["label"] = run.label;
  object["model"] = run.model;
  object["parameters"] = wire::find_json(run.parameters.text);
  object["id"] = text_or_null(result.prediction.id.value);
  object["status"] = status_of(result.prediction);
  object["output"] = output_of(result);
  object["error"] = result.error ? Json(result.error->what()) : Json();
  object["kind"] = result.error ? Json(traits(result.error->kind()).name) : Json();
  object["first_token_seconds"] = value_or_null(result.first_output);
  object["seconds"] = result.seconds;
  object["input_tokens"] = value_or_null(usage.input_tokens);
  object["output_tokens"] = value_or_null(usage.output_tokens);
  object["tokens_per_second"] = value_or_null(usage.tokens_per_second);
  object["predict_time"] = value_or_null(usage.seconds);
  object["output_events"] = counted_tokens(result);
  return object;
}

int comparison_exit_code(const std::vector<RunResult>& results) {
  std::set<int> codes;
  for (const RunResult& result : results) {
    codes.insert(result.error ? traits(result.error->kind()).exit_code : 0);
  }
  return codes.size() == 1 ? *codes.begin() : kSomeFailed;
}

}  // namespace rellama::program
