#include "prompt/render.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "prompt/checks.hpp"
#include "prompt/parameters.hpp"
#include "prompt/similar.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::prompt {
namespace {

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<InputValue> guess(std::string_view text) {
  if (text == "true") return InputValue(true);
  if (text == "false") return InputValue(false);
  // Only numbers as in JSON: "007", "+5", "inf" and "1e" are strings.
  const bool looks_numeric = text.find_first_not_of("+-.eE0123456789") == std::string_view::npos;
  if (!looks_numeric) return std::nullopt;
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.size() > 1 && digits[0] == '0' && digits[1] != '.') return std::nullopt;
  if (const auto integer = parse_number<std::int64_t>(text)) return InputValue(*integer);
  if (const auto number = parse_number<double>(text)) return InputValue(*number);
  return std::nullopt;
}

// A list or an object is JSON; anything else is guessed.
InputValue guess_json(std::string_view text) {
  if (text.starts_with('[') || text.starts_with('{')) return JsonText{std::string(text)};
  return guess(text).value_or(InputValue(std::string(text)));
}

std::optional<InputValue> default_value(std::string_view name) {
  // Not a parameter, but the program rellama is based on sends it.
  if (name == "debug") return InputValue(false);
  const Parameter* parameter = find_parameter(name);
  return parameter == nullptr ? std::nullopt : find_default(*parameter);
}

// One string, which models split at commas (docs/protocol.md §7).
std::string join_stop_sequences(const std::vector<std::string>& sequences) {
  std::string joined;
  for (const std::string& sequence : sequences) {
    check_stop_sequence(sequence);
    if (!joined.empty()) joined += ',';
    joined += sequence;
  }
  return joined;
}

InputValue as_input(const std::vector<std::string>& sequences) {
  return join_stop_sequences(sequences);
}

template <typename Value>
InputValue as_input(const std::optional<Value>& value) {
  return *value;
}

// The same as a JSON list, for models whose schema asks for one.
InputValue as_list(const std::string& joined) {
  auto list = nlohmann::ordered_json::array();
  for (std::size_t begin = 0; begin <= joined.size();) {
    const std::size_t end = std::min(joined.find(',', begin), joined.size());
    list.push_back(joined.substr(begin, end - begin));
    begin = end + 1;
  }
  return JsonText{wire::render_json(list)};
}

// The parameters that are set, by rellama's names, then the other inputs by the names given.
std::vector<InputField> gather(const GenerationParameters& parameters) {
  std::vector<InputField> fields;
  for (const Parameter& parameter : prompt::parameters()) {
    if (!is_set(parameter, parameters)) continue;
    const auto value = [&parameters](auto field) { return as_input(parameters.*field); };
    fields.push_back({std::string(parameter.name), std::visit(value, parameter.field)});
  }
  fields.insert(fields.end(), parameters.others.begin(), parameters.others.end());
  return fields;
}

std::string wrap(PromptForm form, std::string_view prompt) {
  if (form == PromptForm::bare) return std::string(prompt);
  // The build strips the *letters* of the tags from both ends, up to the space inside them. Without
  // the tags, "Tell me" would become "ell me" (docs/protocol.md §7).
  return "[INST] " + std::string(prompt) + " [/INST]";
}

[[noreturn]] void refuse_twice(std::string_view name) {
  throw Error(ErrorKind::invalid_input, {.failed = std::string(name) + " is set twice",
                                         .remedy = "set it once, as an option or with -o"});
}

[[noreturn]] void refuse_unknown(const Target& target, const std::string& name) {
  std::vector<std::string> names;
  std::string all;
  for (const InputSpec& input : target.build.inputs) {
    if (input.name == "prompt") continue;
    all += (all.empty() ? "" : ", ") + names.emplace_back(input.name);
  }
  const std::string meant = find_similar(name, names);
  std::string remedy = meant.empty() ? "its inputs are " + all : "did you mean " + meant + "?";
  if (target.schema != nullptr) remedy += " (--no-validate sends it anyway)";
  throw Error(ErrorKind::invalid_input,
              {.failed = render_model_ref(target.model) + " has no input '" + name + "'",
               .remedy = std::move(remedy)});
}

// Converts untyped text to the type of its input.
InputValue typed(const Build& build, const InputField& field) {
  const auto* text = std::get_if<UntypedText>(&field.value);
  return text == nullptr ? field.value : parse_input_value(build, field.name, text->text);
}

void check_listed(const Target& target, const InputSpec& spec, const InputValue& value) {
  if (target.schema == nullptr && target.validation == Validation::full) {
    check_value(target.model, spec, value);
  } else {
    check_unlisted_value({std::string(spec.parameter), value});
  }
}

bool is_list(std::string_view name) {
  const Parameter* parameter = find_parameter(name);
  return parameter != nullptr && parameter->type() == ParameterType::text_list;
}

bool takes_list(const Target& target, std::string_view name) {
  if (target.schema == nullptr) return false;
  const auto& inputs = target.schema->inputs();
  return std::any_of(inputs.begin(), inputs.end(), [name](const SchemaInput& input) {
    return input.name == name && input.type.starts_with("list");
  });
}

// Without validation, text that cannot be converted is sent as a string.
InputValue value_of(const Target& target, const InputField& field) {
  try {
    const auto* text = std::get_if<std::string>(&field.value);
    if (text != nullptr && is_list(field.name) && takes_list(target, field.name)) {
      return as_list(*text);
    }
    return typed(target.build, field);
  } catch (const Error&) {
    if (target.validation == Validation::full) throw;
    return std::get<UntypedText>(field.value).text;
  }
}

}  // namespace

InputValue parse_input_value(const Build& build, std::string_view name, std::string_view text) {
  const InputSpec* input = find_input(build, name);
  if (input == nullptr) return guess(text).value_or(InputValue(std::string(text)));
  switch (input->type) {
    case InputType::any: return guess_json(text);
    case InputType::string: return std::string(text);
    case InputType::boolean:
      if (text == "true" || text == "false") return text == "true";
      break;
    case InputType::integer:
      if (const auto value = parse_number<std::int64_t>(text)) return *value;
      break;
    case InputType::number:
      if (const auto value = parse_number<double>(text)) return *value;
      break;
  }
  throw Error(ErrorKind::invalid_input,
              {.failed = std::string(name) + " cannot be '" + std::string(text) + "'",
               .why = "it must be " + describe_type(input->type)});
}

Input render_input(const Target& target, std::string_view prompt,
                   const GenerationParameters& parameters) {
  const Build& build = target.build;
  check_text("the prompt", prompt);
  check_not_blank(prompt);
  const std::vector<InputField> given = gather(parameters);
  std::vector<bool> used(given.size(), false);

  if (target.schema != nullptr && target.validation == Validation::full &&
      find_input(build, "prompt") == nullptr) {
    refuse_unknown(target, "prompt");
  }
  Input input{{"prompt", wrap(build.form, prompt)}};
  for (const InputSpec& spec : build.inputs) {
    if (spec.name == "prompt") continue;
    std::optional<InputValue> value;
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (find_input(build, given[i].name) != &spec) continue;
      if (value) refuse_twice(spec.name);
      used[i] = true;
      value = value_of(target, given[i]);
      check_listed(target, spec, *value);
    }
    if (!value && build.takes_defaults) value = default_value(spec.parameter);
    if (value) input.push_back({std::string(spec.name), std::move(*value)});
  }

  for (std::size_t i = 0; i < given.size(); ++i) {
    if (used[i]) continue;
    if (given[i].name == "prompt") {
      throw Error(ErrorKind::invalid_input, {.failed = "'prompt' cannot be set with -o",
                                             .remedy = "write the prompt as an argument"});
    }
    const bool is_checked = target.validation == Validation::full;
    if (build.complete && is_checked) refuse_unknown(target, given[i].name);
    const bool twice = std::any_of(input.begin(), input.end(), [&](const InputField& field) {
      return field.name == given[i].name;
    });
    if (twice) refuse_twice(given[i].name);
    const InputField field{given[i].name, value_of(target, given[i])};
    check_unlisted_value(field);
    input.push_back(field);
  }
  if (target.validation == Validation::none) return input;
  if (target.schema != nullptr) target.schema->check(target.model, input);
  check_together(target.model, input);
  return input;
}

}  // namespace rellama::prompt
