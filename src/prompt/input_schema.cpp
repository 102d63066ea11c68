#include "prompt/input_schema.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "prompt/catalogue.hpp"
#include "prompt/checks.hpp"
#include "prompt/parameters.hpp"
#include "prompt/schema_reader.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::prompt {
namespace {

using Json = nlohmann::ordered_json;

std::optional<double> number_at(const Json& schema, const char* name) {
  const auto found = schema.find(name);
  if (found == schema.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

// The type of a schema. Ignores "null" in a list of types.
std::string type_of(const Json& schema) {
  const auto found = schema.find("type");
  if (found == schema.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (!found->is_array()) return {};
  std::string type;
  for (const Json& one : *found) {
    if (!one.is_string() || one == "null") continue;
    if (!type.empty()) return {};
    type = one.get<std::string>();
  }
  return type;
}

SchemaInput read_input(const std::string& name, const Json& schema) {
  SchemaInput input;
  input.name = name;
  input.description = wire::string_at(schema, "description");
  input.type = type_of(schema);
  if (input.type.empty() && schema.contains("enum") && schema["enum"].is_array() &&
      std::all_of(schema["enum"].begin(), schema["enum"].end(),
                  [](const Json& choice) { return choice.is_string(); })) {
    input.type = "string";
  }
  input.input_type = find_input_type(input.type).value_or(InputType::any);
  if (input.type == "array") {
    const std::string items = schema.contains("items") ? type_of(schema["items"]) : std::string();
    input.type = items.empty() ? "list" : "list of " + items;
  }
  if (schema.contains("default") && !schema["default"].is_null()) {
    input.default_value = wire::render_json(schema["default"]);
  }
  input.minimum = number_at(schema, "minimum");
  input.maximum = number_at(schema, "maximum");
  if (const auto choices = schema.find("enum"); choices != schema.end() && choices->is_array()) {
    for (const Json& choice : *choices) input.choices.push_back(wire::render_json(choice));
  }
  return input;
}

// If a model has inputs under two names of the same parameter, the parameter means the preferred
// one. The other can be set by its own name.
void name_parameters(std::vector<InputSpec>& specs) {
  for (const Parameter& parameter : parameters()) {
    for (const std::string_view name : parameter.model_names) {
      const auto found = std::find_if(specs.begin(), specs.end(),
                                      [name](const InputSpec& spec) { return spec.name == name; });
      if (found == specs.end()) continue;
      found->parameter = parameter.name;
      for (InputSpec& spec : specs) {
        if (&spec != &*found && spec.parameter == parameter.name) spec.parameter = {};
      }
      break;
    }
  }
}

}  // namespace

std::optional<InputSchema> InputSchema::parse(const JsonText& openapi) {
  std::optional<Json> schema;
  try {
    schema = read_input_schema(wire::parse_document(openapi.text, "the schema"));
  } catch (const Error&) {
    return std::nullopt;
  }
  if (!schema) return std::nullopt;

  std::vector<std::pair<double, SchemaInput>> ordered;
  const Json& properties = (*schema)["properties"];
  for (const auto& [name, property] : properties.items()) {
    if (!property.is_object()) continue;
    constexpr double kLast = 1e9;
    ordered.emplace_back(number_at(property, "x-order").value_or(kLast),
                         read_input(name, property));
  }
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  InputSchema result;
  for (auto& [order, input] : ordered) result.inputs_.push_back(std::move(input));
  if (const auto required = schema->find("required");
      required != schema->end() && required->is_array()) {
    for (SchemaInput& input : result.inputs_) {
      input.required =
          std::find(required->begin(), required->end(), Json(input.name)) != required->end();
    }
  }
  for (const SchemaInput& input : result.inputs_) {
    result.specs_.push_back({input.name, input.name, input.input_type});
  }
  name_parameters(result.specs_);
  result.json_.text = wire::render_json(*schema);
  return result;
}

Build InputSchema::build() const noexcept {
  return {.name = "schema", .complete = true, .inputs = specs_};
}

std::string describe(const SchemaInput& input) {
  if (!input.choices.empty()) {
    std::string text = "one of ";
    for (const std::string& choice : input.choices) {
      text += (&choice == &input.choices.front() ? "" : ", ") + choice;
    }
    return text;
  }
  std::string text = input.input_type == InputType::any
                         ? (input.type.empty() ? "JSON" : "a " + input.type)
                         : describe_type(input.input_type);
  const std::string range = describe_range(input.minimum, input.maximum);
  return range.empty() ? text : text + ", " + range;
}

}  // namespace rellama::prompt
