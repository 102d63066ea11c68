#include "commands/chat/settings.hpp"

#include <CLI/CLI.hpp>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "options/usage_error.hpp"
#include "prompt/checks.hpp"
#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "terminal/visible_text.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

// assignments = assignment { blanks assignment }
// assignment  = KEY "=" value | KEY ":=" JSON | KEY blanks value
// value       = '"' text '"' | text
//
// The value of a number is one word. Any other goes up to the next word that starts with KEY "=".

constexpr std::string_view kBlanks = " \t\r\n";

struct Setting {
  std::string key;
  bool is_json = false;
  std::string value = {};
};

std::string_view without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The length of a key at the start of `text`; 0 if there is none.
std::size_t key_length(std::string_view text) {
  std::size_t length = 0;
  const auto fits = [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalpha(byte) != 0 || c == '_' ||
           (length > 0 && (std::isdigit(byte) != 0 || c == '-'));
  };
  while (length < text.size() && fits(text[length])) ++length;
  return length;
}

bool starts_assignment(std::string_view text) {
  const std::size_t length = key_length(text);
  const std::string_view rest = text.substr(length);
  return length > 0 && (rest.starts_with("=") || rest.starts_with(":="));
}

// The parameter that `key` means: the name of its option, or a model's name for it. Null if it is
// another input. The system prompt has a command of its own.
const prompt::Parameter* find_settable(std::string_view key) {
  const prompt::Parameter* parameter = prompt::find_by_option(key);
  if (parameter == nullptr) parameter = prompt::find_parameter(prompt::parameter_of(key));
  return parameter != nullptr && !parameter->takes_file ? parameter : nullptr;
}

bool is_number(const prompt::Parameter* parameter) {
  return parameter != nullptr && (parameter->type() == prompt::ParameterType::integer ||
                                  parameter->type() == prompt::ParameterType::number);
}

// Takes a value from the front of `text`.
std::string take_value(std::string_view& text, const Setting& setting) {
  if (!setting.is_json && text.starts_with('"')) {
    const auto end = text.find('"', 1);
    const bool closes = end != std::string_view::npos &&
                        (end + 1 == text.size() || kBlanks.find(text[end + 1]) != kBlanks.npos);
    if (closes) {
      const std::string value(text.substr(1, end - 1));
      text.remove_prefix(end + 1);
      return value;
    }
  }
  const bool one_word = !setting.is_json && is_number(find_settable(setting.key));
  std::size_t end = 0;
  while (end < text.size()) {
    const bool after_blank = end > 0 && kBlanks.find(text[end - 1]) != kBlanks.npos;
    if (after_blank && starts_assignment(text.substr(end))) break;
    if (one_word && kBlanks.find(text[end]) != kBlanks.npos) break;
    ++end;
  }
  const std::string value(without_blanks(text.substr(0, end)));
  text.remove_prefix(end);
  return value;
}

Error not_a_setting(std::string_view text) {
  return Error(ErrorKind::invalid_input, {.failed = "'" + std::string(text) + "' cannot be set",
                                          .remedy = "write KEY=VALUE, such as temperature=0.2"});
}

std::vector<Setting> parse_settings(std::string_view text) {
  std::vector<Setting> settings;
  for (text = without_blanks(text); !text.empty(); text = without_blanks(text)) {
    const std::string_view all = text;
    Setting setting{.key = std::string(text.substr(0, key_length(text)))};
    text.remove_prefix(setting.key.size());
    const bool is_named = !setting.key.empty();
    setting.is_json = text.starts_with(":=");
    if (setting.is_json || text.starts_with('=')) {
      text.remove_prefix(setting.is_json ? 2 : 1);
      setting.value = take_value(text, setting);
    } else {
      const bool is_word = text.empty() || kBlanks.find(text.front()) != kBlanks.npos;
      text = without_blanks(text);
      setting.value = take_value(text, setting);
      if (!is_word || setting.value.empty()) throw not_a_setting(all);
    }
    if (!is_named) throw not_a_setting(all);
    settings.push_back(std::move(setting));
  }
  return settings;
}

// Removes what -o set, under whichever name.
void forget_assignment(ModelOptions& options, const std::string& key) {
  const prompt::Parameter* parameter = find_settable(key);
  std::erase_if(options.assignments, [&](const std::string& assignment) {
    const std::string name = assignment.substr(0, key_length(assignment));
    return name == key || (parameter != nullptr && find_settable(name) == parameter);
  });
}

// Uses the option's own parser, so a value means the same as on the command line.
void parse_option(ModelOptions& options, const std::string& name, const std::string& value) {
  CLI::App app;
  declare(app, options);
  try {
    app.parse(std::vector<std::string>{"--" + name + "=" + value});
  } catch (const CLI::ParseError& error) {
    throw usage_error(app, error);
  }
}

}  // namespace

void set_inputs(ModelOptions& options, const std::string& assignments) {
  prompt::check_text("what is set", assignments);
  for (const auto& [key, is_json, value] : parse_settings(assignments)) {
    forget_assignment(options, key);
    const prompt::Parameter* parameter = find_settable(key);
    if (parameter != nullptr) reset(*parameter, options.parameters);
    if (value.empty()) continue;
    if (parameter != nullptr && !is_json) {
      parse_option(options, std::string(parameter->option), value);
    } else {
      options.assignments.push_back(key + (is_json ? ":=" : "=") + value);
    }
  }
}

std::string render_inputs(const PreparedRequest& request) {
  const auto body = wire::find_json(request.body);
  std::string lines;
  for (const auto& [name, value] : body.at("input").items()) {
    if (name == "prompt" || name == "system_prompt") continue;
    lines += "  " +
             terminal::one_line(
                 name + "=" +
                 (value.is_string() ? value.get<std::string>() : wire::render_json(value))) +
             "\n";
  }
  return lines.empty() ? "  nothing but the prompt is sent\n" : lines;
}

}  // namespace rellama::program
