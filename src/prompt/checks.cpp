#include "prompt/checks.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "wire/utf8.hpp"

namespace rellama::prompt {
namespace {

// A whole number of more than 64 bits is JSON.
std::optional<double> number_in(const JsonText& json) {
  double number = 0;
  const char* const end = json.text.data() + json.text.size();
  const auto [rest, error] = std::from_chars(json.text.data(), end, number);
  if (rest != end || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc{}) return number;
  return json.text.starts_with('-') ? -HUGE_VAL : HUGE_VAL;
}

std::optional<double> number_in(const InputValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return static_cast<double>(*integer);
  }
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* json = std::get_if<JsonText>(&value)) return number_in(*json);
  return std::nullopt;
}

bool has_type(InputType type, const InputValue& value) {
  switch (type) {
    case InputType::boolean: return std::holds_alternative<bool>(value);
    case InputType::integer: return std::holds_alternative<std::int64_t>(value);
    case InputType::number: return number_in(value).has_value();
    case InputType::string:
    case InputType::file: return std::holds_alternative<std::string>(value);
    case InputType::any: return true;
  }
  return false;
}

const InputValue* find_value(const Input& input, std::string_view name) {
  for (const InputField& field : input) {
    if (field.name == name) return &field.value;
  }
  return nullptr;
}

// The number that is sent for a parameter, by whichever name the model has for it.
std::optional<double> find_number(const Input& input, const Parameter& parameter) {
  const InputValue* value = find_value(input, parameter.name);
  for (const std::string_view name : parameter.model_names) {
    if (value == nullptr) value = find_value(input, name);
  }
  return value == nullptr ? std::nullopt : number_in(*value);
}

}  // namespace

std::string describe_type(InputType type) {
  switch (type) {
    case InputType::boolean: return "true or false";
    case InputType::integer: return "a whole number";
    case InputType::number: return "a number";
    case InputType::string: return "text";
    case InputType::file: return "file";
    case InputType::any: return "JSON";
  }
  return "a value";
}

std::string describe_range(const std::optional<double>& minimum,
                           const std::optional<double>& maximum) {
  if (minimum && maximum) return render_number(*minimum) + " to " + render_number(*maximum);
  if (minimum) return render_number(*minimum) + " or more";
  return maximum ? render_number(*maximum) + " or less" : std::string();
}

void check_text(std::string_view what, std::string_view text) {
  const auto at = wire::find_invalid_utf8(text);
  if (!at && text.find('\0') == std::string_view::npos) return;
  // Windows PowerShell writes UTF-16 when output is redirected.
  const bool is_utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  if (is_utf16) {
    throw Error(ErrorKind::invalid_input, {.failed = std::string(what) + " is not UTF-8",
                                           .why = "it is UTF-16",
                                           .remedy = "convert it first: iconv -f UTF-16 -t UTF-8"});
  }
  if (!at) {
    throw Error(ErrorKind::invalid_input,
                {.failed = std::string(what) + " is not text",
                 .why = "it contains a NUL character",
                 .remedy = "if it is UTF-16, convert it first: iconv -f UTF-16LE -t UTF-8"});
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(text[*at]);
  throw Error(ErrorKind::invalid_input,
              {.failed = std::string(what) + " is not UTF-8",
               .why = std::string("byte 0x") + kDigits[byte >> 4U] + kDigits[byte & 0xFU] +
                      " at offset " + std::to_string(*at),
               .remedy = "convert it first, for example with iconv"});
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

void check_not_blank(std::string_view prompt) {
  if (!is_blank(prompt)) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "the prompt is empty",
               .remedy = "write it as an argument, pipe it in, or name a file with -f",
               .input = "prompt"});
}

void check_stop_sequence(std::string_view sequence) {
  if (!sequence.empty() && sequence.find(',') == std::string_view::npos) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "the stop sequence '" + std::string(sequence) + "' is invalid",
               .why = sequence.empty() ? "it is empty" : "models split the list at commas",
               .input = "stop_sequences"});
}

// Models pass the template to Python's str.format: {prompt} is required, {system_prompt} is
// optional, `{{` and `}}` are literal braces, and any other brace is an error (docs/protocol.md
// §7).
void check_template(std::string_view text) {
  const auto refuse = [](const std::string& why) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "the prompt template is invalid",
                 .why = why,
                 .remedy = "write {prompt} and optionally {system_prompt}; write {{ or }} for a "
                           "literal brace",
                 .input = "prompt_template"});
  };
  bool has_prompt = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '{' && text[at] != '}') continue;
    if (at + 1 < text.size() && text[at + 1] == text[at]) {
      ++at;
    } else if (text.substr(at).starts_with("{prompt}")) {
      has_prompt = true;
      at += std::string_view("{prompt}").size() - 1;
    } else if (text.substr(at).starts_with("{system_prompt}")) {
      at += std::string_view("{system_prompt}").size() - 1;
    } else {
      refuse("there is a single brace at byte " + std::to_string(at));
    }
  }
  if (!has_prompt) refuse("it has no {prompt}");
}

void check_value(const ModelRef& model, const InputSpec& spec, const InputValue& value) {
  const std::string name(spec.parameter);
  if (std::holds_alternative<JsonText>(value)) {
    if (!number_in(value)) return;  // JSON from the user: the server validates
  } else if (!has_type(spec.type, value)) {
    throw Error(ErrorKind::invalid_input, {.failed = name + " has the wrong type",
                                           .why = "it must be " + describe_type(spec.type),
                                           .input = name});
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    check_text(name, *text);
    if (spec.parameter == "prompt_template") check_template(*text);
    return;
  }
  const auto number = number_in(value);
  if (!number) return;
  const bool is_json = std::holds_alternative<JsonText>(value);
  const bool in_range = (is_json || std::isfinite(*number)) &&
                        (!spec.minimum || *number >= *spec.minimum) &&
                        (!spec.maximum || *number <= *spec.maximum);
  if (!in_range) {
    const std::string range = describe_range(spec.minimum, spec.maximum);
    throw Error(ErrorKind::invalid_input,
                {.failed = name + " " + render_number(*number) + " is out of range",
                 .why = render_model_ref(model) + " accepts " +
                        (range.empty() ? describe_type(spec.type) : range),
                 .input = name});
  }
}

void check_unlisted_value(const InputField& field) {
  if (const auto* text = std::get_if<std::string>(&field.value)) check_text(field.name, *text);
  const auto* number = std::get_if<double>(&field.value);
  if (number != nullptr && !std::isfinite(*number)) {
    throw Error(ErrorKind::invalid_input,
                {.failed = field.name + " " + render_number(*number) + " is out of range",
                 .why = "JSON cannot represent it",
                 .input = field.name});
  }
}

void check_together(const ModelRef& model, const Input& input) {
  for (const Parameter& lower : parameters()) {
    if (lower.limited_by.empty()) continue;
    const Parameter& upper = *find_parameter(lower.limited_by);
    const auto minimum = find_number(input, lower);
    const auto maximum = find_number(input, upper);
    if (!minimum || !maximum || *minimum <= *maximum) continue;
    throw Error(
        ErrorKind::invalid_input,
        {.failed = std::string(lower.name) + " " + render_number(*minimum) + " is more than " +
                   std::string(upper.name) + " " + render_number(*maximum),
         .remedy = "lower one or raise the other for " + render_model_ref(model),
         .input = std::string(lower.name)});
  }
}

}  // namespace rellama::prompt
