// Describes a build's inputs as Cog does: docs/protocol.md §4.

#include <cmath>
#include <string>

#include "emulator/builds.hpp"

namespace rellama::emulator {
namespace {

/// "max_new_tokens" → "Max New Tokens"
std::string title_of(std::string_view name) {
  std::string title(name);
  bool begins = true;
  for (char& letter : title) {
    if (letter == '_') {
      letter = ' ';
      begins = true;
    } else if (begins) {
      if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
      begins = false;
    }
  }
  return title;
}

Json bound(double value, bool as_float) {
  if (as_float || std::floor(value) != value) return value;
  return static_cast<std::int64_t>(value);
}

Json type_of(const Build& build, const InputSpec& input) {
  Json schema = {{"type", type_name(input.type)}};
  if (input.type == InputType::strings) schema["items"] = {{"type", "string"}};
  if (input.type == InputType::messages) schema["items"] = {{"type", "object"}};
  if (input.type == InputType::file) schema["format"] = "uri";
  if (input.maximum) schema["maximum"] = bound(*input.maximum, build.bounds_as_floats);
  if (input.minimum) schema["minimum"] = bound(*input.minimum, build.bounds_as_floats);
  return schema;
}

Json property(const Build& build, const InputSpec& input, std::size_t order) {
  Json schema = Json::object();
  if (!input.choices.empty()) {
    const Json reference = {{"$ref", "#/components/schemas/" + std::string(input.name)}};
    schema[input.nullable ? "anyOf" : "allOf"] = Json::array({reference});
  } else if (input.nullable) {
    schema["anyOf"] = Json::array({type_of(build, input)});
  } else {
    schema = type_of(build, input);
  }
  if (input.nullable) schema["anyOf"].push_back({{"type", "null"}});
  if (input.choices.empty()) schema["title"] = title_of(input.name);
  if (const Json by_default = default_of(input); !by_default.is_null()) {
    schema["default"] = by_default;
  }
  schema["x-order"] = order;
  schema["description"] = input.description;
  return schema;
}

Json output_schema(OutputShape shape) {
  Json schema = {{"title", "Output"}};
  switch (shape) {
    case OutputShape::tokens:
      schema["type"] = "array";
      schema["items"] = {{"type", "string"}};
      schema["x-cog-array-type"] = "iterator";
      schema["x-cog-array-display"] = "concatenate";
      break;
    case OutputShape::text: schema["type"] = "string"; break;
    case OutputShape::object:
      schema["type"] = "object";
      schema["properties"] = {{"label", {{"type", "string"}}}, {"score", {{"type", "number"}}}};
      break;
    case OutputShape::objects:
      schema["type"] = "array";
      schema["items"] = {{"type", "object"}};
      break;
    case OutputShape::files:
      schema["type"] = "array";
      schema["items"] = {{"type", "string"}, {"format", "uri"}};
      break;
    case OutputShape::data_url:
      schema["type"] = "string";
      schema["format"] = "uri";
      break;
  }
  return schema;
}

}  // namespace

std::string_view type_name(InputType type) {
  switch (type) {
    case InputType::string:
    case InputType::file: return "string";
    case InputType::integer: return "integer";
    case InputType::number: return "number";
    case InputType::boolean: return "boolean";
    case InputType::strings:
    case InputType::messages: return "array";
  }
  return "string";
}

Json openapi_schema(const Build& build) {
  Json properties = Json::object();
  Json required = Json::array();
  Json schemas = Json::object();
  for (std::size_t order = 0; order < build.inputs.size(); ++order) {
    const InputSpec& input = build.inputs[order];
    properties[std::string(input.name)] = property(build, input, order);
    if (input.required) required.push_back(input.name);
    if (!input.choices.empty()) {
      Json choices = Json::array();
      for (const std::string_view choice : input.choices) choices.push_back(choice);
      schemas[std::string(input.name)] = {
          {"enum", choices}, {"type", "string"}, {"title", input.name}};
    }
  }
  schemas["Input"] = {
      {"type", "object"}, {"title", "Input"}, {"required", required}, {"properties", properties}};
  schemas["Output"] = output_schema(build.output);
  return {{"info", {{"title", "Cog"}, {"version", "0.1.0"}}},
          {"paths", Json::object()},
          {"openapi", "3.0.2"},
          {"components", {{"schemas", schemas}}}};
}

}  // namespace rellama::emulator
