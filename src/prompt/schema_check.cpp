// Holds an input against the model's own schema, before anything is sent.

#include <exception>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "prompt/input_schema.hpp"
#include "rellama/error.hpp"
#include "wire/request_json.hpp"

namespace rellama::prompt {
namespace {

using Json = nlohmann::json;

constexpr const char* kRemedy =
    "rellama models show lists what it takes, --no-validate sends it all the same";

// What is wrong with `value`, in the library's words; empty if nothing is. A schema that the
// library cannot read refuses nothing: the server decides.
std::string find_fault(const Json& schema_json, const Json& value) {
  using Adapter = valijson::adapters::NlohmannJsonAdapter;
  valijson::Schema schema;
  try {
    valijson::SchemaParser().populateSchema(Adapter(schema_json), schema);
  } catch (const std::exception&) {
    return {};
  }
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema, Adapter(value), &results)) return {};
  return results.numErrors() == 0 ? "the schema refuses it" : results.begin()->description;
}

// 5.0 is what makes a whole number wrong, and 5 is how a user writes a number.
std::string render_value(const Json& value, InputType type) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  const bool is_number = value.is_number_float() && type == InputType::number;
  if (is_number && text.ends_with(".0")) text.resize(text.size() - 2);
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

void InputSchema::check(const ModelRef& model, const Input& input) const {
  const Json schema = Json::parse(json_.text);
  const Json object = Json::parse(wire::render_input(input));
  const std::string fault = find_fault(schema, object);
  if (fault.empty()) return;

  // Which field it is, and what that takes, in our own words.
  const std::string name = render_model_ref(model);
  for (const SchemaInput& expected : inputs_) {
    const auto value = object.find(expected.name);
    if (value == object.end()) {
      if (!expected.required) continue;
      throw Error(ErrorKind::invalid_input,
                  {.failed = name + " needs the input '" + expected.name + "'",
                   .why = "it is " + describe(expected),
                   .remedy = "give it with -o " + expected.name + "=VALUE"});
    }
    const std::string why = find_fault(schema["properties"][expected.name], *value);
    if (why.empty()) continue;
    throw Error(ErrorKind::invalid_input, {.failed = expected.name + " cannot be " +
                                                     render_value(*value, expected.input_type),
                                           .why = name + " takes " + describe(expected),
                                           .remedy = kRemedy});
  }
  throw Error(
      ErrorKind::invalid_input,
      {.failed = "the input is not what " + name + " takes", .why = fault, .remedy = kRemedy});
}

}  // namespace rellama::prompt
