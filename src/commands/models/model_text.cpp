#include "commands/models/model_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

using Json = nlohmann::ordered_json;
using prompt::CatalogueEntry;
using prompt::CatalogueModel;
using prompt::Hosting;

constexpr std::size_t kDescriptionBytes = 70;
constexpr std::size_t kShownVersions = 5;
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

void add_fact(std::string& text, std::string_view name, const std::string& value) {
  constexpr std::size_t kWidth = 14;
  if (value.empty()) return;
  std::string line(name);
  line.resize(std::max(kWidth, line.size() + 1), ' ');
  text += terminal::one_line(line + value) + "\n";
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

std::string render_versions(const ShownModel& shown) {
  std::string text;
  const std::string& latest = shown.model.latest_version.id;
  const auto add = [&](const PublishedVersion& version) {
    add_fact(text, text.empty() ? "versions" : "",
             version.id + "  " + version.created_at.substr(0, 10) +
                 (version.id == latest ? "  (latest)" : ""));
  };
  for (const PublishedVersion& version : shown.versions) {
    if (&version - shown.versions.data() == kShownVersions) break;
    add(version);
  }
  if (shown.versions.empty() && !latest.empty()) add(shown.model.latest_version);
  if (text.empty()) add_fact(text, "versions", "no runnable version");
  if (shown.versions.size() > kShownVersions) {
    add_fact(text, "", "and " + std::to_string(shown.versions.size() - kShownVersions) + " more");
  }
  return text;
}

std::string render_inputs(const prompt::InputSchema& schema) {
  std::size_t width = 0;
  for (const auto& input : schema.inputs()) width = std::max(width, input.name.size());
  std::string text;
  for (const auto& input : schema.inputs()) {
    std::string line = "  " + terminal::one_line(input.name);
    line.resize(std::max(width + 4, line.size() + 2), ' ');
    line += terminal::one_line(prompt::describe(input));
    if (input.required) line += "; required";
    if (!input.default_value.empty()) {
      line += "; default " +
              terminal::one_line(terminal::truncate(input.default_value, kDescriptionBytes));
    }
    text += line + "\n";
    if (!input.description.empty()) {
      text += std::string(width + 4, ' ') + terminal::one_line(input.description) + "\n";
    }
  }
  return text;
}

}  // namespace

std::string render_catalogue(const std::vector<CatalogueEntry>& entries, std::string_view preferred,
                             std::size_t columns) {
  std::vector<std::vector<std::string>> rows{{"NAME", "HOSTED", "CTX", "MODEL"}};
  for (const auto& [family, model] : entries) {
    std::string name(model->short_names.empty() ? "-" : model->short_names.front());
    if (name == preferred) name += " (default)";
    const int length = family->context_length;
    rows.push_back({std::move(name), hosting_word(model->hosting),
                    length == 0 ? "-" : std::to_string(length), model_or_other(*model)});
  }
  return terminal::render_table(std::move(rows), columns);
}

std::string render_catalogue_json(const std::vector<CatalogueEntry>& entries) {
  Json array = Json::array();
  for (const CatalogueEntry& entry : entries) array.push_back(entry_json(entry));
  return dump(array);
}

std::string render_facts(const CatalogueEntry& entry) {
  const auto& [family, model] = entry;
  std::string text;
  add_fact(text, "family", prompt::full_name(entry));
  add_fact(text, "short names", join(model->short_names));
  add_fact(text, "hosted", with_source(describe_hosting(*model), model->source));
  add_fact(text, "parameters", with_source(or_unknown(model->parameters), family->needs_source));
  add_fact(text, "license", or_unknown(model->license));
  add_fact(text, "memory",
           or_unknown(model->memory) + (model->memory.empty() ? "" : " to run it yourself"));
  add_fact(text, "storage",
           or_unknown(model->storage) + (model->storage.empty() ? "" : " to run it yourself"));
  add_fact(text, "context", with_source(context_of(entry), family->context_length_source));
  add_fact(text, "prompt form",
           with_source(nlohmann::json(or_unknown(family->prompt_template)).dump(),
                       family->prompt_template_source));
  add_fact(text, "stops at",
           with_source(or_unknown(join(family->stop_sequences)), family->stop_sequences_source));
  return text;
}

std::string render_models(const std::vector<Model>& models, std::size_t columns) {
  std::vector<std::vector<std::string>> rows{{"MODEL", "RUNS", "DESCRIPTION"}};
  for (const Model& model : models) {
    rows.push_back({model.name.owner + "/" + model.name.name, std::to_string(model.run_count),
                    terminal::truncate(model.description, kDescriptionBytes)});
  }
  return terminal::render_table(std::move(rows), columns);
}

std::string render_models_json(const std::vector<Model>& models) {
  Json array = Json::array();
  for (const Model& model : models) array.push_back(model_json(model));
  return dump(array);
}

std::string render_model(const ShownModel& shown) {
  const Model& model = shown.model;
  std::string text;
  add_fact(text, "model", model.name.owner + "/" + model.name.name);
  add_fact(text, "description", model.description);
  if (model.is_official) add_fact(text, "official", *model.is_official ? "yes" : "no");
  if (model.run_count > 0) add_fact(text, "runs", std::to_string(model.run_count));
  if (shown.entry != nullptr) text += render_facts(*shown.entry);
  text += render_versions(shown);
  add_fact(text, "read", shown.age);
  if (shown.schema == nullptr) return text + "inputs        no published schema\n";
  const bool by_name = model.is_official.value_or(false);
  text += by_name ? "\ninputs of the latest version (the official model may run another build)\n"
                  : "\ninputs\n";
  return text + render_inputs(*shown.schema);
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
