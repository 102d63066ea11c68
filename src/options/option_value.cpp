#include "options/option_value.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include "rellama/error.hpp"
#include "settings/duration.hpp"
#include "wire/redact_url.hpp"

namespace rellama::program {
namespace {

using settings::Level;
using settings::Setting;
using settings::ValueKind;

struct Metavar {
  std::string_view word;
  ValueType type;
};

constexpr std::array kMetavars{
    Metavar{"N", ValueType::integer},       Metavar{"NUM", ValueType::number},
    Metavar{"DUR", ValueType::duration},    Metavar{"SIZE", ValueType::size},
    Metavar{"FILE", ValueType::file},       Metavar{"PATH", ValueType::file},
    Metavar{"TEXT|@FILE", ValueType::file}, Metavar{"URL", ValueType::url},
    Metavar{"KIND=URL", ValueType::url},    Metavar{"SECRET", ValueType::secret},
};

Error unusable(const CLI::Option& option, const Setting& setting, std::string why) {
  return Error(
      ErrorKind::invalid_input,
      {.failed = render_setting(option, setting) + " cannot be used", .why = std::move(why)});
}

bool has_flag_kind(const CLI::Option& option, ValueKind kind) {
  const bool counts = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  const bool has_words = option.check_fname(name_of(option));
  return kind == ValueKind::boolean || (kind == ValueKind::integer && counts) ||
         (kind == ValueKind::text && has_words);
}

bool has_right_kind(const CLI::Option& option, const Setting& setting) {
  const ValueKind kind = setting.kind;
  if (setting.level == Level::environment) return true;  // there it is text, whatever the type
  const ValueType type = value_type(option);
  if (type == ValueType::flag) return has_flag_kind(option, kind);
  if (kind == ValueKind::list) return is_repeatable(option);
  switch (type) {
    case ValueType::integer: return kind == ValueKind::integer;
    case ValueType::number: return kind == ValueKind::integer || kind == ValueKind::number;
    case ValueType::duration:
    case ValueType::size: return kind != ValueKind::boolean;
    default: return kind == ValueKind::text;
  }
}

// Whether a word turns a flag on; nullopt if it means neither yes nor no.
std::optional<bool> parse_switch(const std::string& word) {
  for (const char* on : {"true", "1", "yes", "on"}) {
    if (word == on) return true;
  }
  for (const char* off : {"false", "0", "no", "off"}) {
    if (word == off) return false;
  }
  return std::nullopt;
}

// CLI11 starts its message with the option name, which ours already has.
std::string without_name(const std::string& why) {
  const auto colon = why.find(": ");
  return why.starts_with("--") && colon != std::string::npos ? why.substr(colon + 2) : why;
}

}  // namespace

ValueType type_of_metavar(std::string_view metavar) noexcept {
  const auto* const found =
      std::find_if(kMetavars.begin(), kMetavars.end(),
                   [metavar](const Metavar& known) { return known.word == metavar; });
  return found == kMetavars.end() ? ValueType::text : found->type;
}

ValueType value_type(const CLI::Option& option) {
  return is_flag(option) ? ValueType::flag : type_of_metavar(metavar_of(option));
}

std::string metavar_of(const CLI::Option& option) {
  if (is_flag(option)) return {};
  const std::string name = option.get_type_name();
  // CLI11 appends the descriptions of checks: "N:INT in [0 - 100]".
  return name.substr(0, name.find(':'));
}

std::string name_of(const CLI::Option& option) {
  return option.get_lnames().front();
}

bool is_flag(const CLI::Option& option) {
  return option.get_expected_min() == 0;
}

bool is_repeatable(const CLI::Option& option) {
  return !is_flag(option) && option.get_items_expected_max() > 1;
}

std::vector<std::string> choices_of(CLI::Option& option) {
  std::vector<std::string> choices;
  try {
    std::string names = option.get_validator(0)->get_name();
    while (!names.empty()) {
      const auto bar = std::min(names.find('|'), names.size());
      choices.push_back(names.substr(0, bar));
      names.erase(0, bar + 1);
    }
  } catch (const CLI::OptionNotFound&) {  // the option has no validator
  }
  return choices;
}

std::string describe(const CLI::Option& option) {
  const std::string& value = option.get_default_str();
  return option.get_description() + (value.empty() ? "" : " [" + value + "]");
}

std::string describe_kind(const CLI::Option& option) {
  switch (value_type(option)) {
    case ValueType::flag: return "it is true or false";
    case ValueType::integer: return "it takes a whole number";
    case ValueType::number: return "it takes a number";
    case ValueType::duration: return "it takes a duration, such as 30 or \"1m30s\"";
    case ValueType::size: return "it takes a size, such as 1000 or \"10MiB\"";
    default:
      return is_repeatable(option) ? "it takes text in quotes, or a list of such"
                                   : "it takes text in quotes";
  }
}

std::string built_in_value(const CLI::Option& option) {
  if (!option.get_default_str().empty()) return option.get_default_str();
  return is_flag(option) ? "false" : "";
}

std::string shown_value(const CLI::Option& option, const std::string& value) {
  switch (value_type(option)) {
    case ValueType::url: return wire::without_credentials(value);
    case ValueType::secret: return value.empty() ? value : "…";
    default: return value;
  }
}

std::string render_setting(const CLI::Option& option, const Setting& setting) {
  if (setting.level == Level::flag) return "--" + name_of(option);
  std::string values;
  for (const std::string& value : setting.values) {
    values += (values.empty() ? "" : ", ") + shown_value(option, value);
  }
  if (setting.level == Level::environment) return setting.key + "=" + values;
  if (setting.kind == ValueKind::list) values = "[" + values + "]";
  if (setting.kind == ValueKind::text) values = "\"" + values + "\"";
  return setting.where + ": " + setting.key + " = " + values;
}

std::vector<std::string> values_for(const CLI::Option& option, const Setting& setting) {
  if (!has_right_kind(option, setting)) throw unusable(option, setting, describe_kind(option));
  if (is_flag(option)) {
    const auto on = parse_switch(setting.values.front());
    if (!on) return setting.values;
    if (!*on) return {};
    return {option.get_flag_value(name_of(option), "")};
  }
  if (value_type(option) == ValueType::duration) {
    try {
      (void)settings::parse_duration(setting.values.front());
    } catch (const Error& error) {
      throw unusable(option, setting, error.parts().failed + "; " + error.parts().remedy);
    }
  }
  return setting.values;
}

bool is_on(const CLI::Option& option) {
  if (option.empty()) return false;
  return !is_flag(option) || parse_switch(option.results().back()) != false;
}

void assign(CLI::Option& option, const Setting& setting) {
  try {
    for (std::string& value : values_for(option, setting)) option.add_result(std::move(value));
    if (!option.empty()) option.run_callback();
  } catch (const CLI::ConversionError&) {
    throw unusable(option, setting, describe_kind(option));
  } catch (const Error& error) {  // from an option that reads its text itself
    throw error.parts().failed.starts_with(render_setting(option, setting))
        ? error
        : unusable(option, setting,
                   error.parts().why.empty() ? error.parts().failed : error.parts().why);
  } catch (const std::out_of_range&) {  // from CLI11, for a flag that counts
    throw unusable(option, setting, "it is too large");
  } catch (const CLI::ParseError& error) {
    throw unusable(option, setting, without_name(error.what()));
  }
}

}  // namespace rellama::program
