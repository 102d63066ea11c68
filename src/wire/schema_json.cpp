#include "wire/schema_json.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "wire/json_document.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

const Json* find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

// What "#/components/schemas/<name>" names.
const Json* resolve(const Json& schemas, const std::string& reference) {
  constexpr std::string_view kPlace = "#/components/schemas/";
  if (!reference.starts_with(kPlace)) return nullptr;
  return find(schemas, reference.substr(kPlace.size()).c_str());
}

std::optional<double> number_at(const Json& object, const char* key) {
  const Json* value = find(object, key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

// Fills in what `schema` says; what was said before it stays.
void read_schema(const Json& schema, ModelInput& input) {
  if (input.type.empty()) input.type = string_at(schema, "type");
  if (input.format.empty()) input.format = string_at(schema, "format");
  if (input.description.empty()) input.description = string_at(schema, "description");
  if (const Json* value = find(schema, "default");
      value != nullptr && input.default_value.empty()) {
    input.default_value = render_json(*value);
  }
  if (!input.minimum) input.minimum = number_at(schema, "minimum");
  if (!input.maximum) input.maximum = number_at(schema, "maximum");
  if (const Json* choices = find(schema, "enum"); choices != nullptr && choices->is_array()) {
    for (const Json& choice : *choices) input.choices.push_back(render_json(choice));
  }
}

ModelInput read_input(const std::string& name, const Json& property, const Json& schemas) {
  ModelInput input;
  input.name = name;
  if (!property.is_object()) return input;
  read_schema(property, input);
  const auto read_reference = [&](const Json& referring) {
    if (!referring.is_object()) return;
    const Json* referred = resolve(schemas, string_at(referring, "$ref"));
    if (referred != nullptr && referred->is_object()) read_schema(*referred, input);
  };
  read_reference(property);
  if (const Json* all = find(property, "allOf"); all != nullptr && all->is_array()) {
    for (const Json& one : *all) read_reference(one);
  }
  return input;
}

}  // namespace

std::vector<ModelInput> read_inputs(const Json& openapi_schema) {
  const Json* components = find(openapi_schema, "components");
  const Json* schemas = components == nullptr ? nullptr : find(*components, "schemas");
  const Json* schema = schemas == nullptr ? nullptr : find(*schemas, "Input");
  const Json* properties = schema == nullptr ? nullptr : find(*schema, "properties");
  if (properties == nullptr || !properties->is_object()) return {};

  std::vector<std::pair<double, ModelInput>> ordered;
  for (const auto& [name, property] : properties->items()) {
    const double order =
        number_at(property, "x-order").value_or(std::numeric_limits<double>::infinity());
    ordered.emplace_back(order, read_input(name, property, *schemas));
  }
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });

  const Json* required = find(*schema, "required");
  std::vector<ModelInput> inputs;
  for (auto& [order, input] : ordered) {
    input.required = required != nullptr && required->is_array() &&
                     std::find(required->begin(), required->end(), input.name) != required->end();
    inputs.push_back(std::move(input));
  }
  return inputs;
}

}  // namespace rellama::wire
