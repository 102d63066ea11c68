#include "web/model_json.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "prompt/build.hpp"
#include "prompt/catalogue.hpp"
#include "prompt/messages.hpp"
#include "prompt/parameters.hpp"
#include "rellama/generation_parameters.hpp"
#include "wire/json_document.hpp"

namespace rellama::web {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSystem = "system_prompt";

// "max_new_tokens" as people write it: "Max new tokens".
std::string title_of(std::string name) {
  for (char& c : name) {
    if (c == '_' || c == '-') c = ' ';
  }
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
  return name;
}

Json bound(const std::optional<double>& number) {
  if (!number) return {};
  const auto whole = static_cast<std::int64_t>(*number);
  return static_cast<double>(whole) == *number ? Json(whole) : Json(*number);
}

Json json_of(const InputValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

// An input of a build of the catalogue: one of rellama's parameters.
Json known_input(const prompt::InputSpec& spec, bool takes_defaults) {
  const prompt::Parameter* parameter = prompt::find_parameter(spec.parameter);
  Json json{{"name", spec.name},
            {"parameter", spec.parameter},
            {"type", prompt::render_input_type(spec.type)},
            {"title", title_of(std::string(spec.name))},
            {"help", parameter == nullptr ? "" : std::string(parameter->summary)},
            {"default", nullptr},
            {"minimum", bound(spec.minimum)},
            {"maximum", bound(spec.maximum)},
            {"required", false}};
  if (parameter != nullptr && takes_defaults) {
    if (const auto value = prompt::find_default(*parameter)) json["default"] = json_of(*value);
  }
  if (spec.parameter == "prompt_template") json["multiline"] = true;
  return json;
}

const char* type_of(const prompt::SchemaInput& input) {
  if (input.is_list) return "string";
  if (!input.choices.empty()) return "choice";
  switch (input.input_type) {
    case prompt::InputType::boolean: return "boolean";
    case prompt::InputType::integer: return "integer";
    case prompt::InputType::number: return "number";
    case prompt::InputType::file: return "file";
    case prompt::InputType::string:
    case prompt::InputType::any: break;
  }
  return "string";
}

Json schema_input(const prompt::SchemaInput& input) {
  Json json{
      {"name", input.name},
      {"parameter", prompt::parameter_of(input.name)},
      {"type", type_of(input)},
      {"title", title_of(input.name)},
      {"help", input.description},
      {"default", input.default_value.empty() ? Json() : wire::find_json(input.default_value)},
      {"minimum", bound(input.minimum)},
      {"maximum", bound(input.maximum)},
      {"required", input.required}};
  if (!input.choices.empty() && !input.is_list) {
    json["choices"] = Json::array();
    for (const std::string& choice : input.choices) {
      json["choices"].push_back(wire::find_json(choice));
    }
  }
  if (input.is_list) json["list"] = true;
  const std::string text = json["default"].is_string() ? json["default"].get<std::string>() : "";
  if (text.find('\n') != std::string::npos) json["multiline"] = true;
  if (input.is_secret) json["secret"] = true;
  return json;
}

}  // namespace

std::optional<std::string> find_known_model(const ModelRef& ref, const Catalogue& catalogue) {
  const prompt::Build& build = prompt::find_build(ref, catalogue);
  if (!build.complete) return std::nullopt;
  Json system{{"supported", false}, {"default", nullptr}};
  Json inputs = Json::array();
  for (const prompt::InputSpec& spec : build.inputs) {
    if (spec.parameter == "prompt") continue;
    if (spec.parameter == kSystem) {
      system["supported"] = true;
      if (build.takes_defaults) system["default"] = default_system_prompt;
      continue;
    }
    if (spec.parameter == "debug") continue;
    inputs.push_back(known_input(spec, build.takes_defaults));
  }
  std::string description;
  const std::string name = render_model_ref(ref);
  if (const auto entry = prompt::find_model(catalogue, name.substr(0, name.find(':')))) {
    description = prompt::full_name(*entry);
  }
  return wire::render_json(Json{{"ref", name},
                                {"kind", "chat"},
                                {"description", description},
                                {"conversation", true},
                                {"system", std::move(system)},
                                {"inputs", std::move(inputs)}});
}

std::string render_model(const ForeignModel& model, const prompt::InputSchema* schema) {
  Json system{{"supported", false}, {"default", nullptr}};
  Json inputs = Json::array();
  bool takes_turns = schema == nullptr;
  if (schema != nullptr) {
    const prompt::Target target{.model = {}, .build = schema->build(), .schema = schema};
    const prompt::SchemaInput* messages = prompt::find_messages_input(target);
    if (messages != nullptr) takes_turns = true;
    for (const prompt::SchemaInput& input : schema->inputs()) {
      if (input.name == "prompt") {
        takes_turns = true;
      } else if (input.name == kSystem) {
        system["supported"] = true;
        if (!input.default_value.empty()) system["default"] = wire::find_json(input.default_value);
      } else if (&input != messages) {
        inputs.push_back(schema_input(input));
      }
    }
  } else {
    system["supported"] = true;  // nobody knows
  }
  Json json{{"ref", model.ref},
            {"kind", model.kind},
            {"description", model.description},
            {"conversation", takes_turns},
            {"system", std::move(system)},
            {"inputs", std::move(inputs)}};
  if (!model.error.empty()) json["error"] = model.error;
  return wire::render_json(json);
}

std::string render_models(const Catalogue& catalogue) {
  Json models = Json::array();
  for (const prompt::CatalogueEntry& entry : prompt::list_models(catalogue)) {
    if (!prompt::can_be_asked(*entry.model) || entry.model->id.empty()) continue;
    models.push_back(Json{{"ref", entry.model->id},
                          {"title", prompt::full_name(entry)},
                          {"description", entry.model->parameters},
                          {"group", entry.family->name}});
  }
  return wire::render_json(models);
}

}  // namespace rellama::web
