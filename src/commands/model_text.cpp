#include "commands/model_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "terminal/visible_text.hpp"

namespace rellama::commands {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kDescriptionBytes = 70;

// Columns as wide as what is in them, the last as it is.
template <std::size_t Columns>
std::string render_rows(std::vector<std::array<std::string, Columns>> rows) {
  std::array<std::size_t, Columns> widths{};
  for (auto& row : rows) {
    for (std::size_t i = 0; i < Columns; ++i) {
      row[i] = terminal::one_line(row[i]);
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i + 1 < Columns; ++i) {
      row[i].resize(widths[i] + 2, ' ');
      line += row[i];
    }
    line += row.back();
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string begin_of(std::string text) {
  if (text.size() <= kDescriptionBytes) return text;
  std::size_t end = kDescriptionBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string_view word_of(Hosting hosting) {
  switch (hosting) {
    case Hosting::official: return "official";
    case Hosting::version: return "latest version";
    case Hosting::gone: return "no longer hosted";
    case Hosting::never: return "not hosted";
  }
  return "";
}

std::string remark_on(const CatalogueModel& model) {
  if (is_hosted(model)) return std::string(model.id);
  return "use " + std::string(model.instead) + ", or a copy as owner/name";
}

std::string comma_separated(std::string_view words) {
  std::string text;
  for (const char c : words) text += c == ' ' ? ", " : std::string(1, c);
  return text;
}

std::string render_number(double value) {
  std::array<char, 32> text{};
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), result.ptr};
}

// "0 to 1", "one of a, b"
std::string range_of(const ModelInput& input) {
  if (!input.choices.empty()) {
    std::string text = "one of ";
    for (const std::string& choice : input.choices) {
      text += (&choice == &input.choices.front() ? "" : ", ") + choice;
    }
    return text;
  }
  if (input.minimum && input.maximum) {
    return render_number(*input.minimum) + " to " + render_number(*input.maximum);
  }
  if (input.minimum) return "from " + render_number(*input.minimum);
  return input.maximum ? "to " + render_number(*input.maximum) : "";
}

std::string type_of(const ModelInput& input) {
  if (input.format == "uri") return "file";
  return input.type.empty() && !input.choices.empty() ? "choice" : input.type;
}

void add_fact(std::string& text, std::string_view name, const std::string& value) {
  constexpr std::size_t kWidth = 13;
  if (value.empty()) return;
  std::string line(name);
  line.resize(kWidth, ' ');
  text += terminal::one_line(line + value) + "\n";
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string render_catalogue() {
  std::vector<std::array<std::string, 5>> rows{{"SHORT NAME", "MODEL", "CONTEXT", "HOSTED", "AS"}};
  for (const CatalogueModel& model : catalogue()) {
    rows.push_back({comma_separated(model.aliases), std::string(model.name),
                    model.context > 0 ? std::to_string(model.context) : "?",
                    std::string(word_of(model.hosting)), remark_on(model)});
  }
  return render_rows(std::move(rows));
}

std::string render_catalogue_json() {
  Json array = Json::array();
  for (const CatalogueModel& model : catalogue()) {
    Json aliases = Json::array();
    std::string_view rest = model.aliases;
    while (!rest.empty()) {
      const std::size_t space = std::min(rest.find(' '), rest.size());
      aliases.push_back(rest.substr(0, space));
      rest.remove_prefix(std::min(space + 1, rest.size()));
    }
    const auto or_null = [](std::string_view text) { return text.empty() ? Json() : Json(text); };
    array.push_back({{"aliases", std::move(aliases)},
                     {"name", model.name},
                     {"id", or_null(model.id)},
                     {"hosted", is_hosted(model)},
                     {"hosting", word_of(model.hosting)},
                     {"instead", or_null(model.instead)},
                     {"prompt_form", or_null(model.form)},
                     {"context", model.context > 0 ? Json(model.context) : Json()},
                     {"stop", or_null(model.stop)},
                     {"limit_input", or_null(model.limit)},
                     {"source", "docs/protocol.md, " + std::string(model.source)},
                     {"date", model.date}});
  }
  return dump(array);
}

std::string render_models(const std::vector<Model>& models) {
  std::vector<std::array<std::string, 3>> rows{{"MODEL", "RUNS", "DESCRIPTION"}};
  for (const Model& model : models) {
    rows.push_back({render_model_ref(model.name), std::to_string(model.run_count),
                    begin_of(model.description)});
  }
  return render_rows(std::move(rows));
}

std::string render_models_json(const std::vector<Model>& models) {
  Json array = Json::array();
  for (const Model& model : models) {
    array.push_back({{"model", render_model_ref(model.name)},
                     {"description", model.description},
                     {"run_count", model.run_count},
                     {"latest_version",
                      model.latest_version_id.empty() ? Json() : Json(model.latest_version_id)}});
  }
  return dump(array);
}

std::string render_model_facts(const Model& model) {
  std::string text;
  add_fact(text, "model", render_model_ref(model.name));
  add_fact(text, "description", model.description);
  add_fact(text, "visibility", model.visibility);
  add_fact(text, "runs", std::to_string(model.run_count));
  add_fact(text, "version", model.latest_version_id);
  add_fact(text, "created", model.latest_version_created_at);
  if (model.inputs.empty()) {
    return text + "\nIts inputs are not published.\n";
  }
  std::vector<std::array<std::string, 5>> rows{
      {"INPUT", "TYPE", "DEFAULT", "RANGE", "DESCRIPTION"}};
  for (const ModelInput& input : model.inputs) {
    rows.push_back({input.name, type_of(input),
                    input.required ? "(required)" : begin_of(input.default_value), range_of(input),
                    input.description});
  }
  return text + "\n" + render_rows(std::move(rows));
}

}  // namespace rellama::commands
