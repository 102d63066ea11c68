#include "emulator/validation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace rellama::emulator {
namespace {

std::string_view json_type(const Json& value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "boolean";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "number";
  return "null";
}

/// As in JSON Schema, 5.0 is an integer.
bool has_type(const Json& value, std::string_view type) {
  if (type == "number") return value.is_number();
  if (type == "integer" && value.is_number_float()) {
    return std::floor(value.get<double>()) == value.get<double>();
  }
  return json_type(value) == type;
}

InvalidField wrong_type(std::string field, std::string_view expected, const Json& given) {
  return {"invalid_type", std::move(field),
          "Invalid type. Expected: " + std::string(expected) +
              ", given: " + std::string(json_type(given))};
}

InvalidField missing(std::string field, std::string_view name) {
  return {"required", std::move(field), std::string(name) + " is required"};
}

InvalidField unlisted(std::string field, const std::string& name) {
  return {"additional_property_not_allowed", std::move(field),
          "Additional property " + name + " is not allowed"};
}

std::string shortest(double number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), end};
}

std::string quoted_list(std::span<const std::string_view> choices) {
  std::string list;
  for (const std::string_view choice : choices) {
    if (!list.empty()) list += ", ";
    list.append("\"").append(choice).append("\"");
  }
  return list;
}

void check_value(const InputSpec& spec, const Json& value, std::vector<InvalidField>& found) {
  const std::string field = "input." + std::string(spec.name);
  if (value.is_null() && spec.nullable) return;
  if (!has_type(value, type_name(spec.type))) {
    found.push_back(wrong_type(field, type_name(spec.type), value));
    return;
  }
  for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
    const std::string_view wanted = spec.type == InputType::messages ? "object" : "string";
    if (has_type(value[i], wanted)) continue;
    found.push_back(wrong_type(field + "." + std::to_string(i), wanted, value[i]));
  }
  if (!spec.choices.empty() &&
      std::ranges::find(spec.choices, value.get<std::string>()) == spec.choices.end()) {
    found.push_back(
        {"enum", field,
         std::string(spec.name) + " must be one of the following: " + quoted_list(spec.choices)});
  }
  if (!value.is_number()) return;
  const auto number = value.get<double>();
  if (spec.minimum && number < *spec.minimum) {
    found.push_back(
        {"number_gte", field, "Must be greater than or equal to " + shortest(*spec.minimum)});
  }
  if (spec.maximum && number > *spec.maximum) {
    found.push_back(
        {"number_lte", field, "Must be less than or equal to " + shortest(*spec.maximum)});
  }
}

struct BodyField {
  std::string_view name;
  std::string_view type;
};

constexpr std::array kBodyFields{
    BodyField{"version", "string"},           BodyField{"input", "object"},
    BodyField{"stream", "boolean"},           BodyField{"webhook", "string"},
    BodyField{"webhook_completed", "string"}, BodyField{"webhook_events_filter", "array"},
};

constexpr std::array<std::string_view, 4> kWebhookEvents{"start", "output", "logs", "completed"};

}  // namespace

std::vector<InvalidField> check_body(const Json& body, BodyKind kind) {
  if (!body.is_object()) return {wrong_type("", "object", body)};
  std::vector<InvalidField> found;
  const bool wants_version = kind == BodyKind::with_version;
  if (wants_version && !body.contains("version")) found.push_back(missing("", "version"));
  if (!body.contains("input")) found.push_back(missing("", "input"));
  for (const auto& [name, value] : body.items()) {
    const std::string& key = name;
    const auto row = std::ranges::find(kBodyFields, key, &BodyField::name);
    if (row == kBodyFields.end() || (key == "version" && !wants_version)) {
      found.push_back(unlisted("", key));
    } else if (!has_type(value, row->type)) {
      found.push_back(wrong_type(key, row->type, value));
    } else if (key == "webhook_events_filter") {
      for (const Json& event : value) {
        if (event.is_string() &&
            std::ranges::find(kWebhookEvents, event.get<std::string>()) != kWebhookEvents.end()) {
          continue;
        }
        found.push_back(
            {"enum", key, key + " must be one of the following: " + quoted_list(kWebhookEvents)});
      }
    }
  }
  return found;
}

std::vector<InvalidField> check_input(const Build& build, const Json& input) {
  std::vector<InvalidField> found;
  for (const InputSpec& spec : build.inputs) {
    if (spec.required && !input.contains(spec.name)) found.push_back(missing("input", spec.name));
  }
  for (const auto& [name, value] : input.items()) {
    if (std::ranges::find(build.inputs, name, &InputSpec::name) == build.inputs.end()) {
      found.push_back(unlisted("input", name));
    }
  }
  for (const InputSpec& spec : build.inputs) {
    if (const auto given = input.find(spec.name); given != input.end()) {
      check_value(spec, *given, found);
    }
  }
  return found;
}

}  // namespace rellama::emulator
