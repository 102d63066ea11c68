#include "options/usage_error.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "options/option_value.hpp"

namespace rellama::program {
namespace {

// The options of the command and of the subcommand in use.
std::vector<CLI::Option*> options_in_use(CLI::App& app) {
  std::vector<CLI::Option*> options = app.get_options(nullptr);
  for (CLI::App* below : app.get_subcommands()) {
    const auto more = options_in_use(*below);
    options.insert(options.end(), more.begin(), more.end());
  }
  return options;
}

const CLI::App& command_in_use(const CLI::App& app) {
  const auto below = app.get_subcommands();
  return below.empty() ? app : command_in_use(*below.back());
}

std::string see_help(const CLI::App& app) {
  return "see " + full_name(command_in_use(app)) + " --help";
}

Error refused(std::string failed, std::string why, std::string remedy) {
  return Error(ErrorKind::invalid_input,
               {.failed = std::move(failed), .why = std::move(why), .remedy = std::move(remedy)});
}

Error unusable_value(const CLI::Option& option, std::string why, std::string remedy) {
  std::string values;
  for (const std::string& value : option.results()) {
    values += (values.empty() ? "" : " ") + (value.empty() ? "\"\"" : shown_value(option, value));
  }
  return refused(flag_of(option) + " " + values + " cannot be used", std::move(why),
                 std::move(remedy));
}

// CLI11 puts the name of the option before the text of a check.
std::string text_of_check(const std::string& why) {
  const auto colon = why.find(": ");
  return colon == std::string::npos ? why : why.substr(colon + 2);
}

// Why the value of an option cannot be converted or does not pass its checks, if so.
std::optional<Error> find_value_error(CLI::Option& option) {
  try {
    option.run_callback();
    return std::nullopt;
  } catch (const CLI::ConversionError&) {
    return unusable_value(option, describe_kind(option), {});
  } catch (const CLI::ValidationError& error) {
    return unusable_value(option, text_of_check(error.what()), {});
  } catch (const Error& error) {
    const ErrorParts& parts = error.parts();
    return unusable_value(option, parts.failed + (parts.why.empty() ? "" : ": " + parts.why),
                          parts.remedy);
  } catch (const std::exception&) {  // another problem than the value
    return std::nullopt;
  }
}

std::optional<Error> find_value_error(CLI::App& app) {
  for (CLI::Option* option : options_in_use(app)) {
    if (option->empty()) continue;
    if (auto error = find_value_error(*option)) return error;
  }
  return std::nullopt;
}

std::optional<Error> find_combination_error(CLI::App& app) {
  for (const CLI::Option* option : options_in_use(app)) {
    if (option->empty()) continue;
    for (const CLI::Option* other : option->get_excludes()) {
      if (other->empty()) continue;
      return refused(flag_of(*other) + " and " + flag_of(*option) + " cannot be combined", {},
                     "leave out one of them");
    }
    for (const CLI::Option* other : option->get_needs()) {
      if (!other->empty()) continue;
      return refused(flag_of(*option) + " works only with " + flag_of(*other), {},
                     "add " + flag_of(*other) + ", or leave it out");
    }
  }
  return std::nullopt;
}

std::optional<Error> find_missing_argument(CLI::App& app) {
  for (const CLI::Option* option : options_in_use(app)) {
    if (!option->get_required() || !option->empty()) continue;
    return refused(full_name(command_in_use(app)) + " needs " + flag_of(*option), {},
                   see_help(app));
  }
  return std::nullopt;
}

// "--model: 1 required REF missing"
Error wrong_number_of_values(CLI::App& app, const std::string& message) {
  const std::string name = message.substr(0, message.find(':'));
  for (const CLI::Option* option : options_in_use(app)) {
    if (flag_of(*option) != name && option->get_name(true) != name) continue;
    if (option->results().size() > 1) {
      return refused("only one " + flag_of(*option) + " can be given", {}, see_help(app));
    }
    return refused(flag_of(*option) + " needs a value", {},
                   "write " + flag_of(*option) + " " + metavar_of(*option));
  }
  return refused("an option has the wrong number of values", {}, see_help(app));
}

}  // namespace

std::string full_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : full_name(*parent) + " " + app.get_name();
}

std::string flag_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  if (option.get_lnames().empty()) return "-" + option.get_snames().front();
  return "--" + name_of(option);
}

Error usage_error(CLI::App& app, const CLI::ParseError& error) {
  if (const auto* extras = dynamic_cast<const CLI::ExtrasError*>(&error); extras != nullptr) {
    const auto words = app.remaining(true);
    if (!words.empty() && words.front().starts_with("r8_")) {
      return refused("a token cannot be an argument", "everyone on this machine could read it",
                     "paste it when rellama auth login asks for it");
    }
    return refused("unexpected argument" + (words.empty() ? "" : " '" + words.front() + "'"), {},
                   see_help(app));
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return wrong_number_of_values(app, error.what());
  }
  if (auto found = find_value_error(app)) return *std::move(found);
  if (auto found = find_combination_error(app)) return *std::move(found);
  if (auto found = find_missing_argument(app)) return *std::move(found);
  return refused("the options cannot be used", {}, see_help(app));
}

Error value_error(CLI::App& app, const Error& error) {
  return find_value_error(app).value_or(error);
}

}  // namespace rellama::program
