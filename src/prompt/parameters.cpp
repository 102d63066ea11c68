#include "prompt/parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace rellama::prompt {
namespace {

using Name = std::string_view;
using Values = GenerationParameters;

constexpr std::array kTemperatureOptions{Name("temp")};
constexpr std::array kMaxNewTokensOptions{Name("max-tokens")};
constexpr std::array kMinNewTokensOptions{Name("min-tokens")};

// From the models' schemas. Newer builds use the first name.
constexpr std::array kMaxNewTokensInputs{Name("max_tokens"), Name("max_new_tokens"),
                                         Name("max_length"), Name("max_gen_len")};
constexpr std::array kMinNewTokensInputs{Name("min_tokens"), Name("min_new_tokens")};

// The defaults are those of the program rellama is based on.
constexpr std::array kParameters{
    Parameter{.name = "system_prompt",
              .option = "system",
              .short_option = 's',
              .field = &Values::system_prompt,
              .default_value = &default_system_prompt,
              .default_description = "a long safety prompt",
              .summary = "system prompt",
              .takes_file = true},
    Parameter{.name = "temperature",
              .option = "temperature",
              .option_aliases = kTemperatureOptions,
              .field = &Values::temperature,
              .default_value = 0.5,
              .minimum = 0,
              .maximum = 5,
              .range_note = "older builds: from 0.01",
              .summary = "randomness"},
    Parameter{.name = "top_p",
              .option = "top-p",
              .field = &Values::top_p,
              .default_value = 1.0,
              .minimum = 0,
              .maximum = 1,
              .summary = "share of likely tokens to sample from"},
    Parameter{.name = "top_k",
              .option = "top-k",
              .field = &Values::top_k,
              .default_value = std::int64_t{50},
              .minimum = -1,
              .range_note = "older builds: from 0",
              .summary = "number of likely tokens to sample from"},
    Parameter{.name = "max_new_tokens",
              .option = "max-new-tokens",
              .option_aliases = kMaxNewTokensOptions,
              .model_names = kMaxNewTokensInputs,
              .field = &Values::max_new_tokens,
              .default_value = std::int64_t{500},
              .minimum = 1,
              .summary = "longest answer in tokens"},
    Parameter{.name = "min_new_tokens",
              .option = "min-new-tokens",
              .option_aliases = kMinNewTokensOptions,
              .model_names = kMinNewTokensInputs,
              .field = &Values::min_new_tokens,
              .default_value = std::int64_t{-1},
              .minimum = -1,
              .range_note = "off",
              .summary = "shortest answer in tokens",
              .limited_by = "max_new_tokens"},
    Parameter{.name = "seed",
              .option = "seed",
              .field = &Values::seed,
              .default_description = "random",
              .summary = "seed for a repeatable answer"},
    Parameter{.name = "stop_sequences",
              .option = "stop",
              .field = &Values::stop_sequences,
              .summary = "text that ends the answer",
              .repeatable = true},
    Parameter{.name = "prompt_template",
              .option = "prompt-template",
              .field = &Values::prompt_template,
              .default_description = "the model's",
              .summary = "template with {prompt} and {system_prompt}"},
};

bool has_name(std::span<const std::string_view> names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <typename Matches>
const Parameter* find(Matches matches) noexcept {
  const auto* const found = std::find_if(kParameters.begin(), kParameters.end(), matches);
  return found == kParameters.end() ? nullptr : found;
}

// Whether two names are the same apart from '-' and '_'.
bool is_same_option(std::string_view a, std::string_view b) noexcept {
  const auto dash = [](char c) { return c == '_' ? '-' : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [dash](char x, char y) { return dash(x) == dash(y); });
}

bool holds_value(const std::vector<std::string>& list) noexcept {
  return !list.empty();
}

template <typename Value>
bool holds_value(const std::optional<Value>& value) noexcept {
  return value.has_value();
}

std::string describe_bounds(const Parameter& parameter) {
  const auto& minimum = parameter.minimum;
  const auto& maximum = parameter.maximum;
  if (minimum && maximum) return render_number(*minimum) + " to " + render_number(*maximum);
  if (minimum) return "from " + render_number(*minimum);
  return maximum ? "up to " + render_number(*maximum) : std::string();
}

std::vector<std::string> texts_of(const std::vector<std::string>& list) {
  return list;
}

std::vector<std::string> texts_of(const std::optional<std::string>& text) {
  return {*text};
}

template <typename Number>
std::vector<std::string> texts_of(const std::optional<Number>& number) {
  return {nlohmann::json(*number).dump()};
}

}  // namespace

std::span<const Parameter> parameters() noexcept {
  return kParameters;
}

const Parameter* find_parameter(std::string_view name) noexcept {
  return find([name](const Parameter& parameter) { return parameter.name == name; });
}

const Parameter* find_by_option(std::string_view option) noexcept {
  return find([option](const Parameter& parameter) {
    return is_same_option(parameter.option, option) ||
           std::any_of(parameter.option_aliases.begin(), parameter.option_aliases.end(),
                       [option](std::string_view alias) { return is_same_option(alias, option); });
  });
}

std::string_view parameter_of(std::string_view name) noexcept {
  const Parameter* parameter =
      find([name](const Parameter& row) { return has_name(row.model_names, name); });
  return parameter == nullptr ? name : parameter->name;
}

bool is_set(const Parameter& parameter, const GenerationParameters& values) noexcept {
  return std::visit([&values](auto field) { return holds_value(values.*field); }, parameter.field);
}

std::vector<std::string> render_values(const Parameter& parameter,
                                       const GenerationParameters& values) {
  return std::visit([&values](auto field) { return texts_of(values.*field); }, parameter.field);
}

bool sets_anything(const GenerationParameters& values) noexcept {
  return !values.others.empty() ||
         std::any_of(kParameters.begin(), kParameters.end(),
                     [&values](const Parameter& parameter) { return is_set(parameter, values); });
}

void reset(const Parameter& parameter, GenerationParameters& values) noexcept {
  std::visit([&values](auto field) { values.*field = {}; }, parameter.field);
}

std::optional<InputValue> find_default(const Parameter& parameter) {
  struct Convert {
    std::optional<InputValue> operator()(std::monostate /*none*/) const { return std::nullopt; }
    std::optional<InputValue> operator()(std::int64_t value) const { return value; }
    std::optional<InputValue> operator()(double value) const { return value; }
    std::optional<InputValue> operator()(const std::string_view* text) const {
      return InputValue(std::string(*text));
    }
  };
  return std::visit(Convert{}, parameter.default_value);
}

std::string describe_default(const Parameter& parameter) {
  if (!parameter.default_description.empty()) return std::string(parameter.default_description);
  if (const auto* whole = std::get_if<std::int64_t>(&parameter.default_value)) {
    return std::to_string(*whole);
  }
  const auto* number = std::get_if<double>(&parameter.default_value);
  return number == nullptr ? std::string() : render_number(*number);
}

std::string describe(const Parameter& parameter) {
  std::string text(parameter.summary);
  const std::string bounds = describe_bounds(parameter);
  if (!bounds.empty()) text += ", " + bounds;
  if (!parameter.range_note.empty()) text.append(" (").append(parameter.range_note).append(")");
  if (parameter.repeatable) text += "; repeatable";
  return text;
}

std::string render_number(double value) {
  std::array<char, 32> text{};
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), result.ptr};
}

}  // namespace rellama::prompt
