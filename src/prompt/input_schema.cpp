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

// What the bounds of the length of a text allow.
std::string read_length(const Json& schema) {
  const auto least = number_at(schema, "minLength");
  const auto most = number_at(schema, "maxLength");
  if (!least && !most) return {};
  const char* noun = (most ? *most : *least) == 1 ? " character" : " characters";
  if (!most) return "at least " + render_number(*least) + noun;
  return (least ? render_number(*least) + " to " : "at most ") + render_number(*most) + noun;
}

// What the bounds of a number, or of the length of a text, allow.
std::string read_range(const Json& schema) {
  const auto minimum = number_at(schema, "minimum");
  const auto maximum = number_at(schema, "maximum");
  if (minimum || maximum) return describe_range(minimum, maximum);
  const auto above = number_at(schema, "exclusiveMinimum");
  const auto below = number_at(schema, "exclusiveMaximum");
  std::string range = above ? "more than " + render_number(*above) : std::string();
  if (below) range += (above ? ", less than " : "less than ") + render_number(*below);
  if (!range.empty()) return range;
  return read_length(schema);
}

std::vector<std::string> read_choices(const Json& schema) {
  std::vector<std::string> choices;
  if (const auto all = schema.find("enum"); all != schema.end() && all->is_array()) {
    for (const Json& choice : *all) {
      if (!choice.is_null()) choices.push_back(wire::render_json(choice));
    }
  } else if (const auto only = schema.find("const"); only != schema.end()) {
    choices.push_back(wire::render_json(*only));
  }
  return choices;
}

bool are_texts(const std::vector<std::string>& choices) {
  return !choices.empty() && std::all_of(choices.begin(), choices.end(),
                                         [](const auto& json) { return json.starts_with('"'); });
}

// Sets what describes a single value.
void read_value(const Json& schema, SchemaInput& input) {
  input.choices = read_choices(schema);
  input.type = type_of_schema(schema);
  if (input.type.empty() && are_texts(input.choices)) input.type = "string";
  input.input_type = find_input_type(input.type).value_or(InputType::any);
  if (input.input_type == InputType::string && wire::string_at(schema, "format") == "uri") {
    input.input_type = InputType::file;
  }
  input.minimum = number_at(schema, "minimum");
  input.maximum = number_at(schema, "maximum");
  input.range = read_range(schema);
}

// Whether the schema or a part of it, such as the items of a list, is marked as secret
// (docs/protocol.md §4); the schema reader makes `writeOnly` of the format `password`.
bool is_marked_secret(const Json& schema) {
  if (!schema.is_structured()) return false;
  for (const char* mark : {"x-cog-secret", "writeOnly"}) {
    if (schema.is_object() && schema.contains(mark) && schema[mark] == true) return true;
  }
  return std::any_of(schema.begin(), schema.end(), is_marked_secret);
}

SchemaInput read_input(const std::string& name, const Json& schema) {
  SchemaInput input;
  input.name = name;
  input.description = wire::string_at(schema, "description");
  if (type_of_schema(schema) == "array") {
    const auto items = schema.find("items");
    if (items != schema.end() && items->is_object()) read_value(*items, input);
    input.is_list = true;
    input.type = input.type.empty() ? "list" : "list of " + input.type;
  } else {
    read_value(schema, input);
  }
  if (schema.contains("default") && !schema["default"].is_null()) {
    input.default_value = wire::render_json(schema["default"]);
  }
  input.is_secret = is_marked_secret(schema);
  return input;
}

// The type of the elements of a list.
const char* plural(InputType type) {
  switch (type) {
    case InputType::boolean: return "true or false";
    case InputType::integer: return "whole numbers";
    case InputType::number: return "numbers";
    case InputType::string: return "text";
    case InputType::file: return "files";
    case InputType::any: break;
  }
  return "JSON values";
}

std::string join_choices(const std::vector<std::string>& choices) {
  std::string text = "one of ";
  for (const std::string& choice : choices) {
    text += (&choice == &choices.front() ? "" : ", ") + choice;
  }
  return text;
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
    result.specs_.push_back({.name = input.name,
                             .parameter = input.name,
                             .type = input.input_type,
                             .is_list = input.is_list,
                             .is_secret = input.is_secret});
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
    return input.is_list ? "list, each " + join_choices(input.choices)
                         : join_choices(input.choices);
  }
  std::string text;
  if (input.is_list) {
    text = std::string("list of ") + plural(input.input_type);
  } else if (input.input_type == InputType::any) {
    text = input.type.empty() ? "JSON" : "a JSON " + input.type;
  } else {
    text = describe_type(input.input_type);
  }
  if (!input.range.empty()) text += (input.is_list ? ", each " : ", ") + input.range;
  return text;
}

}  // namespace rellama::prompt
