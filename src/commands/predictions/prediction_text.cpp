#include "commands/predictions/prediction_text.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "options/time_filter.hpp"
#include "rellama/outcome.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"
#include "wire/iso_time.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

constexpr std::size_t kPromptBytes = 60;
constexpr std::size_t kNameWidth = 11;

std::string status_word(const Prediction& prediction) {
  if (prediction.status != Status::unknown) return std::string(render_status(prediction.status));
  return prediction.status_text;
}

// In the local time zone; as it came if it is no time.
std::string local_time(const std::string& time) {
  const auto parsed = wire::parse_iso_time(time);
  if (!parsed) return time;
  using namespace std::chrono;
  return render_local_time(duration_cast<milliseconds>(parsed->time_since_epoch()).count());
}

std::vector<std::string> row_of(const Prediction& prediction) {
  return {prediction.id.value, status_word(prediction), local_time(prediction.created_at),
          prediction.model, terminal::truncate(prompt_of(prediction), kPromptBytes)};
}

void add_fact(std::string& text, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  std::string line(name);
  line.resize(kNameWidth, ' ');
  text += terminal::one_line(line + value) + "\n";
}

// A log has several lines.
void add_lines(std::string& text, std::string_view name, const std::string& value) {
  for (std::size_t begin = 0; begin < value.size();) {
    const std::size_t end = std::min(value.find('\n', begin), value.size());
    const std::string line = value.substr(begin, end - begin);
    if (begin == 0) {
      add_fact(text, name, line);
    } else {
      text += std::string(kNameWidth, ' ') + terminal::one_line(line) + "\n";
    }
    begin = end + 1;
  }
}

}  // namespace

std::string prompt_of(const Prediction& prediction) {
  const auto input = wire::find_json(prediction.input.text);
  if (!input.is_object() || !input.contains("prompt")) return {};
  const auto& prompt = input["prompt"];
  return prompt.is_string() ? prompt.get<std::string>() : wire::render_json(prompt);
}

std::string render_table(const std::vector<Prediction>& predictions, std::size_t columns) {
  std::vector<std::vector<std::string>> rows{{"ID", "STATUS", "CREATED", "MODEL", "PROMPT"}};
  for (const Prediction& prediction : predictions) rows.push_back(row_of(prediction));
  return terminal::render_table(std::move(rows), columns);
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

std::string render_facts(const Prediction& prediction) {
  std::string text;
  add_fact(text, "id", prediction.id.value);
  add_fact(text, "status", status_word(prediction));
  add_fact(text, "model", prediction.model);
  add_fact(text, "version", prediction.version);
  add_fact(text, "created", local_time(prediction.created_at));
  add_fact(text, "started", local_time(prediction.started_at));
  add_fact(text, "completed", local_time(prediction.completed_at));
  add_lines(text, "error", reason_of(prediction));
  add_fact(text, "metrics", prediction.metrics.text);
  add_fact(text, "input", prediction.input.text);
  add_fact(text, "web", "https://replicate.com/p/" + prediction.id.value);
  if (prediction.data_removed) add_fact(text, "removed", "input, output and logs");
  return text;
}

}  // namespace rellama::program
