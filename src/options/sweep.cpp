#include "options/sweep.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "options/assignment.hpp"
#include "prompt/checks.hpp"
#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

constexpr std::size_t kLabelBytes = 32;
constexpr std::size_t kHashLength = 64;
constexpr std::size_t kShownHash = 8;

[[noreturn]] void refuse_sweep(const std::string& text, const std::string& why) {
  throw Error(
      ErrorKind::invalid_input,
      {.failed = "'--sweep " + text + "' cannot be read",
       .why = why,
       .remedy = "write NAME=VALUE,VALUE, with double quotes around a value that contains a "
                 "comma, or NAME:=[JSON,JSON]"});
}

std::string with_underscores(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// The input that `name` stands for, which can be the name of an option or of any input.
std::string input_name(const std::string& name) {
  const prompt::Parameter* parameter = prompt::find_by_option(name);
  if (parameter == nullptr) parameter = prompt::find_parameter(with_underscores(name));
  return parameter == nullptr ? name : std::string(parameter->name);
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Takes values from the list one by one.
class ValueReader {
 public:
  ValueReader(const std::string& argument, const std::string& input, std::string_view list,
              const StopToken& stop)
      : argument_(argument), input_(input), rest_(list), stop_(stop) {}

  std::vector<SweepValue> read_all() {
    std::vector<SweepValue> values;
    while (true) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
      values.push_back(rest_.starts_with('"') ? read_quoted() : read_plain());
      if (rest_.empty()) return values;
      rest_.remove_prefix(1);  // the comma
    }
  }

 private:
  SweepValue read_plain() {
    const std::string value(trim(rest_.substr(0, rest_.find(','))));
    rest_.remove_prefix(std::min(rest_.find(','), rest_.size()));
    if (value.empty()) refuse_sweep(argument_, "a value is missing");
    return {parse_assignment(input_ + "=" + value, stop_).value, value};
  }

  SweepValue read_quoted() {
    std::string value;
    rest_.remove_prefix(1);
    while (true) {
      const auto quote = rest_.find('"');
      if (quote == std::string_view::npos) refuse_sweep(argument_, "a quote is not closed");
      value += rest_.substr(0, quote);
      rest_.remove_prefix(quote + 1);
      if (!rest_.starts_with('"')) break;
      value += '"';
      rest_.remove_prefix(1);
    }
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    if (!rest_.empty() && rest_[0] != ',')
      refuse_sweep(argument_, "a quote ends inside of a value");
    return {UntypedText{value}, value};
  }

  const std::string& argument_;
  const std::string& input_;
  std::string_view rest_;
  const StopToken& stop_;
};

std::vector<SweepValue> parse_json_values(const std::string& argument, const std::string& input,
                                          const std::string& text) {
  const auto array = wire::find_json(text);
  if (!array.is_array() || array.empty()) {
    refuse_sweep(argument, "'" + text + "' is not a JSON array with values");
  }
  std::vector<SweepValue> values;
  for (const auto& element : array) {
    const std::string json = wire::render_json(element);
    values.push_back({parse_assignment(input + ":=" + json, {}).value,
                      element.is_string() ? element.get<std::string>() : json});
  }
  return values;
}

// The first letters of a version are enough to recognize it.
std::string short_model(const std::string& model) {
  const auto colon = model.rfind(':');
  const std::size_t begin = colon == std::string::npos ? 0 : colon + 1;
  if (model.size() - begin != kHashLength) return model;
  return model.substr(0, begin + kShownHash) + "…";
}

// A value in a label, quoted if its ends would be invisible.
std::string short_value(const std::string& text) {
  const bool is_plain = !text.empty() && terminal::one_line(text) == text;
  return terminal::truncate(is_plain ? text : nlohmann::json(text).dump(), kLabelBytes);
}

void make_unique(std::vector<Variant>& variants) {
  std::set<std::string> seen;
  for (Variant& variant : variants) {
    const std::string label = variant.label;
    for (int count = 2; !seen.insert(variant.label).second; ++count) {
      variant.label = label + " #" + std::to_string(count);
    }
  }
}

void refuse_swept_twice(const std::vector<Sweep>& sweeps) {
  std::set<std::string> inputs;
  for (const Sweep& sweep : sweeps) {
    if (inputs.insert(sweep.input).second) continue;
    throw Error(ErrorKind::invalid_input, {.failed = "there are two sweeps of " + sweep.name,
                                           .remedy = "give all of its values in one --sweep"});
  }
}

std::vector<Variant> multiply(const std::vector<Variant>& variants, const Sweep& sweep) {
  std::vector<Variant> product;
  for (const Variant& variant : variants) {
    for (const SweepValue& value : sweep.values) {
      Variant& made = product.emplace_back(variant);
      made.inputs.push_back({sweep.input, value.value});
      if (sweep.values.size() == 1) continue;  // the same in every label
      if (!made.label.empty()) made.label += ' ';
      made.label += sweep.name + "=" + short_value(value.text);
    }
  }
  return product;
}

}  // namespace

Sweep parse_sweep(const std::string& text, const StopToken& stop) {
  prompt::check_text("--sweep", text);
  const auto equals = text.find('=');
  if (equals == std::string::npos) refuse_sweep(text, "it has no '='");
  const bool is_json = equals > 0 && text[equals - 1] == ':';
  const std::string name(trim(text.substr(0, is_json ? equals - 1 : equals)));
  if (name.empty()) refuse_sweep(text, "it has no name");
  if (name == "model") refuse_sweep(text, "to compare models, repeat -m");
  Sweep sweep{.name = name, .input = input_name(name), .values = {}};
  const std::string list = text.substr(equals + 1);
  sweep.values = is_json ? parse_json_values(text, sweep.input, list)
                         : ValueReader(text, sweep.input, list, stop).read_all();
  return sweep;
}

std::size_t count_variants(const std::vector<std::string>& models,
                           const std::vector<Sweep>& sweeps) {
  std::size_t count = models.size();
  for (const Sweep& sweep : sweeps) {
    if (count > SIZE_MAX / sweep.values.size()) return SIZE_MAX;
    count *= sweep.values.size();
  }
  return count;
}

std::vector<Variant> combine(const std::vector<std::string>& models,
                             const std::vector<Sweep>& sweeps) {
  refuse_swept_twice(sweeps);
  std::vector<Variant> variants;
  for (const std::string& model : models) {
    variants.push_back({models.size() > 1 ? short_model(model) : "", model, {}});
  }
  for (const Sweep& sweep : sweeps) variants = multiply(variants, sweep);
  for (Variant& variant : variants) {
    if (variant.label.empty()) variant.label = short_model(variant.model);
  }
  make_unique(variants);
  return variants;
}

}  // namespace rellama::program
