#include "options/assignment.hpp"

#include <memory>
#include <nlohmann/json.hpp>

#include "options/prompt_input.hpp"
#include "prompt/checks.hpp"
#include "prompt/secret_input.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

// Without the value, which may be a secret.
[[noreturn]] void refuse_input(const std::string& text, const std::string& why) {
  const auto equals = text.find('=');
  const std::string shown = equals == std::string::npos ? text : text.substr(0, equals + 1) + "…";
  throw Error(ErrorKind::invalid_input, {.failed = "invalid input '-o " + shown + "'",
                                         .why = why,
                                         .remedy = "use KEY=VALUE, KEY:=JSON or KEY=@FILE"});
}

// Scalars keep their type, so that they are checked like any other value. Anything else is sent as
// written.
InputValue parse_json_value(const std::string& text, const std::string& json) {
  const auto value = wire::find_json(json);
  if (value.is_discarded()) refuse_input(text, "the value is not JSON");
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return JsonText{json};
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  return JsonText{json};
}

}  // namespace

InputField parse_assignment(const std::string& text, const StopToken& stop) {
  prompt::check_text("-o", text);
  const auto equals = text.find('=');
  if (equals == std::string::npos) refuse_input(text, "no '='");
  const bool is_json = equals > 0 && text[equals - 1] == ':';
  const std::string key = text.substr(0, is_json ? equals - 1 : equals);
  const std::string value = text.substr(equals + 1);
  if (key.empty()) refuse_input(text, "no name before '='");
  if (value == prompt::kSecretMark) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "the value of '" + key + "' is not known",
                 .why = "it is secret, and was not stored",
                 .remedy = "pass it again, with all other inputs: -o " + key + "=VALUE"});
  }
  if (is_json) return {key, parse_json_value(text, value)};
  if (value.starts_with('@')) {
    const std::string path = value.substr(1);
    return {key, FileContent{path, std::make_shared<const std::string>(read_file(path, stop))}};
  }
  return {key, UntypedText{value}};
}

}  // namespace rellama::program
