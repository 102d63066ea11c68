#include "options/given_option.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace rellama::program {
namespace {

// The dashes of Unicode that stand for one or two of ASCII on web pages and in documents.
constexpr std::array<std::string_view, 10> kDashes{
    "\u2010", "\u2011", "\u2012", "\u2013", "\u2014",
    "\u2015", "\u2212", "\uFE58", "\uFE63", "\uFF0D",
};

GivenOption read_long(CLI::App& app, const std::string& argument) {
  std::string name = argument.substr(0, argument.find('='));
  std::replace(name.begin(), name.end(), '_', '-');
  CLI::Option* option = app.get_option_no_throw(name);
  if (option == nullptr) return {};
  const bool has_value = argument.find('=') != std::string::npos;
  return {.options = {option},
          .length = 1,
          .wants_value = !has_value && option->get_expected_min() > 0};
}

GivenOption read_short(CLI::App& app, const std::string& argument) {
  GivenOption given{.length = 1};
  for (std::size_t i = 1; i < argument.size(); ++i) {
    CLI::Option* option = app.get_option_no_throw(std::string("-") + argument[i]);
    if (option == nullptr) return {};
    given.options.push_back(option);
    if (option->get_expected_min() == 0) continue;
    given.wants_value = i + 1 == argument.size();  // else the rest is the value
    break;
  }
  return given;
}

}  // namespace

GivenOption read_option(CLI::App& app, const Arguments& arguments, std::size_t at) {
  const std::string& argument = arguments[at];
  if (!is_option(argument) || argument == "--") return {};
  GivenOption given =
      argument.starts_with("--") ? read_long(app, argument) : read_short(app, argument);
  if (given.wants_value && at + 1 < arguments.size()) ++given.length;
  return given;
}

std::size_t skip_options(CLI::App& app, const Arguments& arguments) {
  std::size_t at = 0;
  while (at < arguments.size()) {
    const std::size_t length = read_option(app, arguments, at).length;
    if (length == 0) break;
    at += length;
  }
  return at;
}

bool is_option(const std::string& argument) {
  return argument.size() > 1 && argument.starts_with('-');
}

std::string without_typographic_dashes(const std::string& word) {
  std::string_view name = word;
  bool has_one = false;
  while (true) {
    const auto dash = std::find_if(kDashes.begin(), kDashes.end(), [name](std::string_view dash_) {
      return name.starts_with(dash_);
    });
    if (dash != kDashes.end()) {
      has_one = true;
      name.remove_prefix(dash->size());
    } else if (name.starts_with('-')) {
      name.remove_prefix(1);
    } else {
      break;
    }
  }
  const std::string_view letters = name.substr(0, name.find('='));
  const bool is_name = std::all_of(letters.begin(), letters.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
  const bool begins = !letters.empty() && std::isalpha(static_cast<unsigned char>(letters[0])) != 0;
  if (!has_one || !is_name || !begins) return {};
  return (letters.size() == 1 ? "-" : "--") + std::string(name);
}

}  // namespace rellama::program
