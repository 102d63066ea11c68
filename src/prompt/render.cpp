#include "prompt/render.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "prompt/checks.hpp"
#include "prompt/file_input.hpp"
#include "prompt/list_input.hpp"
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

// Whether `text` is a whole number as JSON writes it.
bool is_whole_number(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos &&
         (digits.size() == 1 || digits[0] != '0');
}

// Whole numbers of any size are sent as they are written.
std::optional<InputValue> parse_integer(std::string_view text) {
  if (const auto value = parse_number<std::int64_t>(text)) return *value;
  return is_whole_number(text) ? std::optional<InputValue>(JsonText{std::string(text)})
                               : std::nullopt;
}

// A double holds every whole number of up to 15 digits.
std::optional<InputValue> parse_any_number(std::string_view text) {
  constexpr std::size_t kExactDigits = 15;
  if (text.size() > kExactDigits && is_whole_number(text)) return JsonText{std::string(text)};
  const auto value = parse_number<double>(text);
  return value ? std::optional<InputValue>(*value) : std::nullopt;
}

std::optional<InputValue> guess(std::string_view text) {
  if (text == "true") return InputValue(true);
  if (text == "false") return InputValue(false);
  // Only numbers as in JSON: "007", "+5", "inf" and "1e" are strings.
  const bool looks_numeric = text.find_first_not_of("+-.eE0123456789") == std::string_view::npos;
  if (!looks_numeric) return std::nullopt;
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.size() > 1 && digits[0] == '0' && digits[1] != '.') return std::nullopt;
  if (auto integer = parse_integer(text)) return integer;
  return parse_any_number(text);
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
                                         .remedy = "set it once, as an option or with -o",
                                         .input = std::string(name)});
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
               .remedy = std::move(remedy),
               .input = name});
}

// Text that a user may write as the prompt: neither a choice nor one of rellama's own parameters.
bool takes_words(const SchemaInput& input, const std::vector<InputField>& given) {
  const bool is_text = input.input_type == InputType::string && !input.is_list &&
                       input.choices.empty() && find_parameter(parameter_of(input.name)) == nullptr;
  return is_text && std::none_of(given.begin(), given.end(),
                                 [&](const InputField& field) { return field.name == input.name; });
}

std::vector<std::string> text_inputs(const InputSchema& schema, bool required,
                                     const std::vector<InputField>& given) {
  std::vector<std::string> names;
  for (const SchemaInput& input : schema.inputs()) {
    if (input.required == required && takes_words(input, given)) names.push_back(input.name);
  }
  return names;
}

// The input that gets the words if none is called prompt: the only required text input that is not
// set, or the only one if none is required. Empty if that does not tell.
std::string find_text_input(const InputSchema& schema, const std::vector<InputField>& given) {
  const bool is_required = !text_inputs(schema, true, {}).empty();
  const auto names = text_inputs(schema, is_required, given);
  return names.size() == 1 ? names.front() : std::string();
}

bool requires_prompt(const Target& target) {
  if (find_input(target.build, "prompt") == nullptr) return false;
  if (target.schema == nullptr) return target.build.name != "unknown";
  const auto& inputs = target.schema->inputs();
  return std::any_of(inputs.begin(), inputs.end(), [](const SchemaInput& input) {
    return input.name == "prompt" && input.required;
  });
}

// The input of the prompt; empty if there is nothing to send. Throws Error (invalid_input) if the
// prompt is missing or the model does not take one.
std::string find_prompt_input(const Target& target, std::string_view prompt,
                              const std::vector<InputField>& given) {
  const bool is_full = target.validation == Validation::full;
  if (is_blank(prompt)) {
    if (given.empty() || (is_full && requires_prompt(target))) check_not_blank(prompt);
    return {};
  }
  if (target.schema == nullptr || requires_prompt(target)) return "prompt";
  const bool has_prompt = find_input(target.build, "prompt") != nullptr;
  if (has_prompt && text_inputs(*target.schema, true, given).size() != 1) return "prompt";
  std::string name = find_text_input(*target.schema, given);
  if (!name.empty()) return name;
  if (!is_full) return "prompt";
  const auto texts = text_inputs(*target.schema, true, {});
  if (texts.size() == 1) {
    throw Error(ErrorKind::invalid_input,
                {.failed = texts.front() + " is set twice",
                 .why = "the prompt is this model's " + texts.front(),
                 .remedy = "leave out the prompt or -o " + texts.front()});
  }
  refuse_unknown(target, "prompt");
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

// Without validation, text that cannot be converted is sent as a string.
InputValue single_value(const Target& target, const InputField& field) {
  if (std::holds_alternative<FileContent>(field.value)) return render_file(target, field);
  try {
    InputValue value = typed(target.build, field);
    const InputSpec* spec = find_input(target.build, field.name);
    const auto* url = std::get_if<std::string>(&value);
    if (url != nullptr && spec != nullptr && spec->type == InputType::file && !spec->is_secret) {
      check_file_url(field.name, *url);
    }
    return value;
  } catch (const Error&) {
    if (target.validation == Validation::full) throw;
    const auto* text = std::get_if<UntypedText>(&field.value);
    return text == nullptr ? field.value : text->text;
  }
}

using Fields = std::vector<const InputField*>;

// The value of an input that has been set by `fields`. `may_be_list`: whether several of them can
// be meant as a list although the input is not known as one.
InputValue value_of(const Target& target, const InputSpec* spec, const Fields& fields,
                    bool may_be_list) {
  const bool is_list = spec != nullptr && spec->is_list;
  if (fields.size() == 1 && !is_list) return single_value(target, *fields.front());
  if (!is_list && !may_be_list) refuse_twice(fields.front()->name);
  return render_list(target, fields);
}

}  // namespace

InputValue parse_input_value(const Build& build, std::string_view name, std::string_view text) {
  const InputSpec* input = find_input(build, name);
  if (input == nullptr) return guess(text).value_or(InputValue(std::string(text)));
  switch (input->type) {
    case InputType::any: return guess_json(text);
    case InputType::file:
    case InputType::string: return std::string(text);
    case InputType::boolean:
      if (text == "true" || text == "false") return text == "true";
      break;
    case InputType::integer:
      if (const auto value = parse_integer(text)) return *value;
      break;
    case InputType::number:
      if (const auto value = parse_any_number(text)) return *value;
      break;
  }
  throw Error(ErrorKind::invalid_input,
              {.failed = std::string(name) + " cannot be " +
                         (input->is_secret ? "what was given" : "'" + std::string(text) + "'"),
               .why = "it must be " + describe_type(input->type),
               .input = std::string(name)});
}

Input render_input(const Target& target, std::string_view prompt,
                   const GenerationParameters& parameters) {
  const Build& build = target.build;
  check_text("the prompt", prompt);
  const std::vector<InputField> given = gather(parameters);
  std::vector<bool> used(given.size(), false);
  // What is known of a model without its schema does not exclude a list. The others come last.
  const std::size_t first_other = given.size() - parameters.others.size();
  const auto may_be_list = [&](const Fields& fields) {
    return !build.complete && fields.front() >= given.data() + first_other;
  };

  Input input;
  const std::string prompt_name = find_prompt_input(target, prompt, given);
  if (!prompt_name.empty()) input.push_back({prompt_name, wrap(build.form, prompt)});
  for (const InputSpec& spec : build.inputs) {
    if (spec.name == prompt_name || spec.name == "prompt") continue;
    Fields fields;
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (find_input(build, given[i].name) != &spec) continue;
      used[i] = true;
      fields.push_back(&given[i]);
    }
    std::optional<InputValue> value;
    if (!fields.empty()) {
      value = value_of(target, &spec, fields, may_be_list(fields));
      check_listed(target, spec, *value);
    } else if (build.takes_defaults) {
      value = default_value(spec.parameter);
    }
    if (value) input.push_back({std::string(spec.name), std::move(*value)});
  }

  for (std::size_t i = 0; i < given.size(); ++i) {
    if (used[i]) continue;
    const std::string& name = given[i].name;
    if (name == "prompt") {
      throw Error(ErrorKind::invalid_input, {.failed = "'prompt' cannot be set with -o",
                                             .remedy = "write the prompt as an argument"});
    }
    if (name == prompt_name) refuse_twice(name);
    const bool is_checked = target.validation == Validation::full;
    if (build.complete && is_checked) refuse_unknown(target, name);
    const bool twice = std::any_of(input.begin(), input.end(),
                                   [&](const InputField& field) { return field.name == name; });
    if (twice) refuse_twice(name);
    Fields fields;
    for (std::size_t j = i; j < given.size(); ++j) {
      if (used[j] || given[j].name != name) continue;
      used[j] = true;
      fields.push_back(&given[j]);
    }
    const InputField field{name, value_of(target, nullptr, fields, may_be_list(fields))};
    check_unlisted_value(field);
    input.push_back(field);
  }
  if (target.validation == Validation::none) return input;
  if (target.schema != nullptr) target.schema->check(target.model, input);
  check_together(target.model, input);
  return input;
}

}  // namespace rellama::prompt
