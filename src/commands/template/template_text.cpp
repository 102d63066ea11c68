#include "commands/template/template_text.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "options/option_settings.hpp"
#include "settings/placeholders.hpp"
#include "terminal/table.hpp"

namespace rellama::program {
namespace {

using nlohmann::ordered_json;
using settings::SavedPrompt;

std::string dump(const ordered_json& document) {
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

// A value in TOML. CLI11 has checked and parsed the numbers.
std::string render_value(const CLI::Option& option, const std::string& value) {
  switch (value_type(option)) {
    case ValueType::flag: return "true";
    case ValueType::integer: return std::to_string(option.as<std::int64_t>());
    case ValueType::number: return ordered_json(option.as<double>()).dump();
    default: return settings::render_toml_string(value);
  }
}

std::string render_option(const CLI::Option& option) {
  std::string values;
  for (const std::string& value : option.results()) {
    values += (values.empty() ? "" : ", ") + render_value(option, value);
  }
  const bool list = option.get_items_expected_max() > 1;
  return name_of(option) + " = " + (list ? "[" + values + "]" : values) + "\n";
}

ordered_json to_json(const settings::ConfigEntry& entry) {
  if (entry.kind == settings::ValueKind::list) return entry.values;
  if (entry.kind == settings::ValueKind::text) return entry.values.front();
  return ordered_json::parse(entry.values.front(), nullptr, /*allow_exceptions=*/false);
}

ordered_json to_json(const SavedPrompt& prompt_template) {
  ordered_json settings = ordered_json::object();
  for (const settings::ConfigEntry& entry : prompt_template.settings.entries) {
    settings[entry.name] = to_json(entry);
  }
  ordered_json parameters = ordered_json::array();
  for (const settings::Placeholder& placeholder :
       settings::find_placeholders(prompt_template.prompt)) {
    parameters.push_back(
        {{"name", placeholder.name},
         {"default", placeholder.fallback ? ordered_json(*placeholder.fallback) : ordered_json()}});
  }
  return {{"name", prompt_template.name},
          {"description", prompt_template.description},
          {"prompt", prompt_template.prompt},
          {"parameters", parameters},
          {"settings", settings},
          {"from", prompt_template.where}};
}

}  // namespace

std::string render_template(const CLI::App& app, const std::string& description,
                            const std::string& prompt) {
  std::string text;
  if (!description.empty()) {
    text += "description = " + settings::render_toml_string(description) + "\n";
  }
  const auto is_set = [](const CLI::Option* option) {
    return option->get_group() == "Model" && !option->empty();
  };
  for (const CLI::Option* option : app.get_options(is_set)) text += render_option(*option);
  if (!prompt.empty()) text += "prompt = " + settings::render_toml_string(prompt) + "\n";
  return text;
}

std::string render_templates(const std::vector<SavedPrompt>& templates, std::size_t columns) {
  constexpr std::size_t kNarrowText = 12;
  constexpr std::size_t kNarrowPath = 20;
  std::vector<std::vector<std::string>> rows;
  for (const SavedPrompt& each : templates) {
    rows.push_back({each.name, each.description, each.where});
  }
  return terminal::render_table({{.title = "NAME"},
                                 {.title = "DESCRIPTION", .narrowest = kNarrowText},
                                 {.title = "FROM", .narrowest = kNarrowPath, .rank = 1}},
                                rows, columns);
}

std::string render_templates_json(const std::vector<SavedPrompt>& templates) {
  ordered_json array = ordered_json::array();
  for (const SavedPrompt& each : templates) array.push_back(to_json(each));
  return dump(array);
}

std::string render_template_json(const SavedPrompt& prompt_template) {
  return dump(to_json(prompt_template));
}

const std::string_view template_example = R"(# A rellama template (TOML), used with: rellama -t NAME
# Set model options by their long names. In the prompt, {{input}} is replaced by the input and
# {{name}} by -p name=value. {{name|text}} has a default, and {{{{ is a literal {{.

description = ""
#system = "You answer briefly."
#model = "13b"
#temperature = 0.2
prompt = """
{{input}}"""
)";

}  // namespace rellama::program
