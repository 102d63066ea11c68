#include "commands/models/model_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "options/local_time.hpp"
#include "terminal/entry.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"
#include "terminal/word_wrap.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

using Json = nlohmann::ordered_json;
using prompt::CatalogueEntry;
using prompt::CatalogueModel;
using prompt::Hosting;

constexpr std::size_t kDescriptionBytes = 70;
constexpr std::size_t kShownVersions = 5;
constexpr std::size_t kFactColumn = 14;
constexpr const char* kUnknown = "unknown";

std::string dump(const Json& json) {
  return wire::render_json_lines(json) + "\n";
}

std::string join(std::span<const std::string_view> texts) {
  std::string joined;
  for (const std::string_view text : texts) {
    joined.append(joined.empty() ? "" : ", ").append(text);
  }
  return joined;
}

std::string or_unknown(std::string_view text) {
  return text.empty() ? kUnknown : std::string(text);
}

std::string context_of(const CatalogueEntry& entry) {
  const int length = entry.family->context_length;
  return length == 0 ? kUnknown : std::to_string(length);
}

// Whether Replicate hosts the model, and what to do if not.
std::string describe_hosting(const CatalogueModel& model) {
  const std::string date = model.date.empty() ? "" : " (" + std::string(model.date) + ")";
  const std::string otherwise =
      (model.instead.empty() ? "; " : "; use " + std::string(model.instead) + ", or ") +
      "host it yourself";
  switch (model.hosting) {
    case Hosting::official: return "official" + date;
    case Hosting::listed: return "yes" + date;
    case Hosting::seen: return "previously listed" + date + ", unconfirmed";
    case Hosting::gone: return "no longer" + date + otherwise;
    case Hosting::not_listed: return "no" + date + otherwise;
    case Hosting::unknown: return kUnknown + otherwise;
  }
  return kUnknown;
}

// The same in a word.
std::string hosting_word(Hosting hosting) {
  switch (hosting) {
    case Hosting::official: return "official";
    case Hosting::listed: return "yes";
    case Hosting::seen: return "maybe";
    case Hosting::gone:
    case Hosting::not_listed: return "no";
    case Hosting::unknown: break;
  }
  return "-";
}

std::string model_or_other(const CatalogueModel& model) {
  if (!model.id.empty()) return std::string(model.id);
  return model.instead.empty() ? "-" : "- (use " + std::string(model.instead) + ")";
}

std::string with_source(const std::string& fact, std::string_view source) {
  return source.empty() ? fact : fact + "  (" + std::string(source) + ")";
}

Json text_or_null(std::string_view text) {
  return text.empty() ? Json() : Json(text);
}

Json inputs_json(const prompt::Build& build) {
  Json inputs = Json::array();
  for (const prompt::InputSpec& spec : build.inputs) {
    Json input{{"name", spec.name},
               {"parameter", spec.parameter},
               {"type", prompt::render_input_type(spec.type)}};
    if (spec.minimum) input["minimum"] = *spec.minimum;
    if (spec.maximum) input["maximum"] = *spec.maximum;
    inputs.push_back(std::move(input));
  }
  return inputs;
}

Json entry_json(const CatalogueEntry& entry) {
  const auto& [family, model] = entry;
  Json versions = Json::array();
  for (const auto& version : model->versions) {
    versions.push_back({{"id", version.id}, {"build", version.build->name}});
  }
  return {
      {"family", family->name},
      {"size", model->size},
      {"short_names", model->short_names},
      {"model", text_or_null(model->id)},
      {"hosting", prompt::render_hosting(model->hosting)},
      {"source", text_or_null(model->source)},
      {"date", text_or_null(model->date)},
      {"instead", text_or_null(model->instead)},
      {"parameters", text_or_null(model->parameters)},
      {"license", text_or_null(model->license)},
      {"memory", text_or_null(model->memory)},
      {"storage", text_or_null(model->storage)},
      {"context_length", family->context_length == 0 ? Json() : Json(family->context_length)},
      {"prompt_template", text_or_null(family->prompt_template)},
      {"prompt_template_source", text_or_null(family->prompt_template_source)},
      {"stop_sequences", family->stop_sequences.empty() ? Json() : Json(family->stop_sequences)},
      {"build", model->build->name},
      {"inputs_confirmed", model->build->complete},
      {"inputs", inputs_json(*model->build)},
      {"versions", versions}};
}

Json version_json(const PublishedVersion& version) {
  return {{"id", version.id}, {"created_at", version.created_at}};
}

Json model_json(const Model& model) {
  return {
      {"model", model.name.owner + "/" + model.name.name},
      {"description", model.description},
      {"official", model.is_official ? Json(*model.is_official) : Json()},
      {"run_count", model.run_count},
      {"latest_version", model.latest_version.id.empty() ? Json() : Json(model.latest_version.id)}};
}

Json parse_or_null(const std::string& text) {
  Json json = wire::find_json(text);
  return json.is_discarded() ? Json() : json;
}

Json schema_inputs_json(const prompt::InputSchema& schema) {
  Json inputs = Json::array();
  for (const prompt::SchemaInput& input : schema.inputs()) {
    Json json{{"name", input.name}, {"type", input.type}, {"required", input.required}};
    if (input.input_type == prompt::InputType::file) json["format"] = "uri";
    if (!input.default_value.empty()) json["default"] = parse_or_null(input.default_value);
    if (input.minimum) json["minimum"] = *input.minimum;
    if (input.maximum) json["maximum"] = *input.maximum;
    for (const std::string& choice : input.choices)
      json["choices"].push_back(parse_or_null(choice));
    json["description"] = input.description;
    inputs.push_back(std::move(json));
  }
  return inputs;
}

void add_versions(terminal::FactList& facts, const ShownModel& shown) {
  const std::string& latest = shown.model.latest_version.id;
  std::string_view name = "versions";
  const auto add = [&](const PublishedVersion& version) {
    facts.add(std::exchange(name, ""), version.id + "  " + render_local_day(version.created_at) +
                                           (version.id == latest ? "  (latest)" : ""));
  };
  for (const PublishedVersion& version : shown.versions) {
    if (&version - shown.versions.data() == kShownVersions) break;
    add(version);
  }
  if (shown.versions.empty() && !latest.empty()) add(shown.model.latest_version);
  if (!name.empty()) facts.add(name, "no runnable version");
  if (shown.versions.size() > kShownVersions) {
    facts.add("", "and " + std::to_string(shown.versions.size() - kShownVersions) + " more");
  }
}

std::string render_inputs(const prompt::InputSchema& schema, std::size_t columns) {
  std::size_t width = 0;
  for (const auto& input : schema.inputs()) width = std::max(width, input.name.size());
  const std::size_t column = terminal::entry_column(width + 4, columns);
  std::string text;
  for (const auto& input : schema.inputs()) {
    std::string about = terminal::one_line(prompt::describe(input));
    if (input.required) about += "; required";
    if (!input.default_value.empty()) {
      about += "; default " +
               terminal::one_line(terminal::truncate(input.default_value, kDescriptionBytes));
    }
    if (!input.description.empty()) about += "\n" + terminal::one_line(input.description);
    text += terminal::render_entry("  " + terminal::one_line(input.name), about, column, columns);
  }
  return text;
}

void add_facts(terminal::FactList& facts, const CatalogueEntry& entry) {
  const auto& [family, model] = entry;
  const auto to_run = [](std::string_view need) {
    return or_unknown(need) + (need.empty() ? "" : " to run it yourself");
  };
  facts.add("family", prompt::full_name(entry));
  facts.add("short names", join(model->short_names));
  facts.add("hosted", with_source(describe_hosting(*model), model->source));
  facts.add("parameters", with_source(or_unknown(model->parameters), family->needs_source));
  facts.add("license", or_unknown(model->license));
  facts.add("memory", to_run(model->memory));
  facts.add("storage", to_run(model->storage));
  facts.add("context", with_source(context_of(entry), family->context_length_source));
  facts.add("prompt form", with_source(nlohmann::json(or_unknown(family->prompt_template)).dump(),
                                       family->prompt_template_source));
  facts.add("stops at",
            with_source(or_unknown(join(family->stop_sequences)), family->stop_sequences_source));
}

}  // namespace

std::string render_catalogue(const std::vector<CatalogueEntry>& entries, std::string_view preferred,
                             std::size_t columns) {
  constexpr std::size_t kNarrowModel = 21;  // meta/llama-2-70b-chat
  std::vector<std::vector<std::string>> rows;
  for (const auto& [family, model] : entries) {
    std::string name(model->short_names.empty() ? "-" : model->short_names.front());
    if (name == preferred) name += " (default)";
    const int length = family->context_length;
    rows.push_back({std::move(name), hosting_word(model->hosting),
                    length == 0 ? "-" : std::to_string(length), model_or_other(*model)});
  }
  return terminal::render_table({{.title = "NAME"},
                                 {.title = "HOSTED"},
                                 {.title = "CTX", .rank = 2},
                                 {.title = "MODEL", .narrowest = kNarrowModel, .rank = 1}},
                                rows, columns);
}

std::string render_catalogue_json(const std::vector<CatalogueEntry>& entries) {
  Json array = Json::array();
  for (const CatalogueEntry& entry : entries) array.push_back(entry_json(entry));
  return dump(array);
}

std::string render_facts(const CatalogueEntry& entry, std::size_t columns) {
  terminal::FactList facts(kFactColumn, columns);
  add_facts(facts, entry);
  return facts.text();
}

std::string render_models(const std::vector<Model>& models, std::size_t columns) {
  constexpr std::size_t kNarrowDescription = 12;
  std::vector<std::vector<std::string>> rows;
  for (const Model& model : models) {
    rows.push_back({model.name.owner + "/" + model.name.name, std::to_string(model.run_count),
                    terminal::truncate(model.description, kDescriptionBytes)});
  }
  return terminal::render_table({{.title = "MODEL"},
                                 {.title = "RUNS", .rank = 1},
                                 {.title = "DESCRIPTION", .narrowest = kNarrowDescription}},
                                rows, columns);
}

std::string render_models_json(const std::vector<Model>& models) {
  Json array = Json::array();
  for (const Model& model : models) array.push_back(model_json(model));
  return dump(array);
}

std::string render_model(const ShownModel& shown, std::size_t columns) {
  const Model& model = shown.model;
  terminal::FactList facts(kFactColumn, columns);
  facts.add("model", model.name.owner + "/" + model.name.name);
  facts.add("description", model.description);
  if (model.is_official) facts.add("official", *model.is_official ? "yes" : "no");
  if (model.run_count > 0) facts.add("runs", std::to_string(model.run_count));
  if (shown.entry != nullptr) add_facts(facts, *shown.entry);
  add_versions(facts, shown);
  facts.add("read", shown.age);
  if (shown.schema == nullptr) {
    facts.add("inputs", "no published schema");
    return facts.text();
  }
  const bool by_name = model.is_official.value_or(false);
  const std::string title =
      by_name ? "inputs of the latest version (the official model may run another build)"
              : "inputs";
  return facts.text() + "\n" + terminal::render_wrapped(title, columns) +
         render_inputs(*shown.schema, columns);
}

std::string render_model_json(const ShownModel& shown) {
  Json json = model_json(shown.model);
  json["versions"] = Json::array();
  for (const PublishedVersion& version : shown.versions) {
    json["versions"].push_back(version_json(version));
  }
  json["inputs"] = shown.schema == nullptr ? Json() : schema_inputs_json(*shown.schema);
  json["openapi_schema"] = parse_or_null(shown.model.latest_version.openapi_schema.text);
  if (shown.entry != nullptr) json["catalogue"] = entry_json(*shown.entry);
  return dump(json);
}

}  // namespace rellama::program
