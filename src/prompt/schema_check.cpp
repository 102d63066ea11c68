// Validates an input against the model's own schema before it is sent.

#include <cstdint>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "prompt/input_schema.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"
#include "wire/request_json.hpp"

namespace rellama::prompt {
namespace {

using SchemaJson = nlohmann::json;

constexpr const char* kRemedy =
    "see its inputs with rellama models show; --no-validate sends it anyway";

// The validation library's message about `value`; empty if it is valid. Nullopt if the library
// cannot read the schema.
std::optional<std::string> find_violation(const SchemaJson& schema_json, const SchemaJson& value) {
  using Adapter = valijson::adapters::NlohmannJsonAdapter;
  valijson::Schema schema;
  try {
    valijson::SchemaParser().populateSchema(Adapter(schema_json), schema);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema, Adapter(value), &results)) return std::string();
  return results.numErrors() == 0 ? "it violates the schema" : results.begin()->description;
}

// The validation library knows no numbers of more than 64 bits.
void bound_numbers(SchemaJson& value) {
  if (value.is_binary()) {
    const bool is_negative = value.get_binary().front() == '-';
    value = is_negative ? std::numeric_limits<std::int64_t>::min()
                        : std::numeric_limits<std::int64_t>::max();
  } else if (value.is_structured()) {
    for (SchemaJson& element : value) bound_numbers(element);
  }
}

// Shows 5.0 as 5 if the type is a number, as users write it, but not if it should be an integer.
std::string render_value(const nlohmann::ordered_json& value, InputType type) {
  std::string text = wire::render_json(value);
  const bool is_number = value.is_number_float() && type == InputType::number;
  if (is_number && text.ends_with(".0")) text.resize(text.size() - 2);
  constexpr std::size_t kMaxBytes = 60;
  if (text.size() <= kMaxBytes) return text;
  std::size_t end = kMaxBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

void InputSchema::check(const ModelRef& model, const Input& input) const {
  const SchemaJson schema(wire::find_json(json_.text));
  const nlohmann::ordered_json given = wire::find_json(wire::render_input(input));
  SchemaJson object(given);
  bound_numbers(object);
  const auto violation = find_violation(schema, object);
  if (violation && violation->empty()) return;

  // Find the field, for a better message than the library's.
  const std::string name = render_model_ref(model);
  for (const SchemaInput& expected : inputs_) {
    const auto value = object.find(expected.name);
    if (value == object.end()) {
      if (!expected.required) continue;
      throw Error(ErrorKind::invalid_input,
                  {.failed = name + " requires the input '" + expected.name + "'",
                   .why = describe(expected),
                   .remedy = "set it with -o " + expected.name + "=VALUE",
                   .input = expected.name});
    }
    const auto why = find_violation(schema["properties"][expected.name], *value);
    if (!why || why->empty()) continue;
    throw Error(
        ErrorKind::invalid_input,
        {.failed = expected.name + " cannot be " +
                   (expected.is_secret ? std::string("what was given")
                                       : render_value(given[expected.name], expected.input_type)),
         .why = name + " accepts " + describe(expected),
         .remedy = kRemedy,
         .input = expected.name});
  }
  if (!violation) return;  // the server validates what is unreadable here
  throw Error(
      ErrorKind::invalid_input,
      {.failed = name + " does not accept the input", .why = *violation, .remedy = kRemedy});
}

}  // namespace rellama::prompt
