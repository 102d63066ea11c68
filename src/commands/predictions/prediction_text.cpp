#include "commands/predictions/prediction_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "options/local_time.hpp"
#include "rellama/outcome.hpp"
#include "terminal/entry.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

constexpr std::size_t kPromptBytes = 60;

std::string status_word(const Prediction& prediction) {
  if (prediction.status != Status::unknown) return std::string(render_status(prediction.status));
  return prediction.status_text;
}

std::vector<std::string> row_of(const Prediction& prediction) {
  return {prediction.id.value, status_word(prediction), render_local_time(prediction.created_at),
          prediction.model, terminal::truncate(prompt_of(prediction), kPromptBytes)};
}

// Adds an object: in a window, which a long line fills, a member per line.
void add_object(terminal::FactList& facts, std::string_view name, const JsonText& json,
                std::size_t columns) {
  const auto object = wire::find_json(json.text);
  if (columns == 0 || !object.is_object()) return facts.add(name, json.text);
  std::string lines;
  for (const auto& [key, value] : object.items()) {
    lines += (lines.empty() ? "" : "\n") + key + ": " + wire::render_json(value);
  }
  facts.add_lines(name, lines);
}

}  // namespace

std::string prompt_of(const Prediction& prediction) {
  const auto input = wire::find_json(prediction.input.text);
  if (!input.is_object() || !input.contains("prompt")) return {};
  const auto& prompt = input["prompt"];
  return prompt.is_string() ? prompt.get<std::string>() : wire::render_json(prompt);
}

std::string render_table(const std::vector<Prediction>& predictions, std::size_t columns) {
  constexpr std::size_t kNarrowModel = 21;  // meta/llama-2-70b-chat
  constexpr std::size_t kNarrowPrompt = 12;
  std::vector<std::vector<std::string>> rows;
  for (const Prediction& prediction : predictions) rows.push_back(row_of(prediction));
  return terminal::render_table({{.title = "ID"},
                                 {.title = "STATUS"},
                                 {.title = "CREATED", .rank = 2},
                                 {.title = "MODEL", .narrowest = kNarrowModel, .rank = 3},
                                 {.title = "PROMPT", .narrowest = kNarrowPrompt, .rank = 1}},
                                rows, columns);
}

std::string render_json_array(const std::vector<Prediction>& predictions) {
  using Json = nlohmann::ordered_json;
  Json array = Json::array();
  for (const Prediction& prediction : predictions) {
    array.push_back({{"id", prediction.id.value},
                     {"status", status_word(prediction)},
                     {"created_at", prediction.created_at},
                     {"completed_at", prediction.completed_at},
                     {"model", prediction.model},
                     {"version", prediction.version},
                     {"prompt", prompt_of(prediction)}});
  }
  return array.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string render_line(const Prediction& prediction) {
  return terminal::one_line(prediction.id.value + "  " + status_word(prediction)) + "\n";
}

std::string render_facts(const Prediction& prediction, std::size_t columns) {
  constexpr std::size_t kFactColumn = 11;
  terminal::FactList facts(kFactColumn, columns);
  facts.add("id", prediction.id.value);
  facts.add("status", status_word(prediction));
  facts.add("model", prediction.model);
  facts.add("version", prediction.version);
  facts.add("created", render_local_time(prediction.created_at));
  facts.add("started", render_local_time(prediction.started_at));
  facts.add("completed", render_local_time(prediction.completed_at));
  facts.add_lines("error", reason_of(prediction));
  add_object(facts, "metrics", prediction.metrics, columns);
  add_object(facts, "input", prediction.input, columns);
  facts.add("web", "https://replicate.com/p/" + prediction.id.value);
  if (prediction.data_removed) facts.add("removed", "input, output and logs");
  return facts.text();
}

}  // namespace rellama::program
