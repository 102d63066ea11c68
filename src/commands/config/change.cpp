#include "commands/config/change.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <system_error>

#include "options/ask_options.hpp"
#include "options/command.hpp"
#include "options/config_keys.hpp"
#include "options/configuration_check.hpp"
#include "options/option_value.hpp"
#include "options/suggestion.hpp"
#include "rellama/error.hpp"
#include "settings/config_file.hpp"
#include "settings/directories.hpp"
#include "settings/toml_edit.hpp"
#include "system/own_file.hpp"
#include "system/private_file.hpp"

namespace rellama::program {
namespace {

// A key, with what its option says about it.
struct Key {
  settings::TomlKey place;
  ValueType type = ValueType::text;
  bool is_list = false;
};

void collect(const CLI::App& app, std::vector<const CLI::Option*>& options) {
  for (const CLI::Option* option : app.get_options(is_settable)) options.push_back(option);
  for (const CLI::App* below : app.get_subcommands(nullptr)) collect(*below, options);
}

// The key among the options of a parser. Throws Error (invalid_input) if it has none of that name.
Key key_in(const CLI::App& app, const std::string& name, std::vector<std::string> table) {
  std::string wanted = name;
  std::replace(wanted.begin(), wanted.end(), '_', '-');
  std::vector<const CLI::Option*> options;
  collect(app, options);
  std::vector<std::string> names;
  for (const CLI::Option* option : options) {
    const auto& own = option->get_lnames();
    if (std::find(own.begin(), own.end(), wanted) != own.end() && wanted != "profile") {
      return {.place = {.table = std::move(table), .names = own},
              .type = value_type(*option),
              .is_list = is_repeatable(*option)};
    }
    names.insert(names.end(), own.begin(), own.end());
  }
  throw Error(ErrorKind::invalid_input,
              {.failed = "there is no setting '" + name + "'",
               .remedy = did_you_mean(wanted, names, "see them with: rellama config show")});
}

Key find_key(const std::string& text, const Context& context) {
  const auto dot = text.find('.');
  const std::string first = text.substr(0, dot);
  if (dot != std::string::npos && first != "profile") {
    const Command* command = find_command(context.commands, first);
    if (command == nullptr || !command->has_settings) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "there is no setting '" + text + "'",
                   .remedy = "write KEY, profile.NAME.KEY or COMMAND.KEY"});
    }
    std::optional<Key> key;
    inspect(*command, "", context,
            [&](CLI::App& app) { key = key_in(app, text.substr(dot + 1), {first}); });
    return *key;
  }
  AskOptions options;
  CLI::App app;
  declare(app, options);
  if (dot == std::string::npos) return key_in(app, text, {});
  const auto last = text.rfind('.');
  if (last == dot || last + 1 == text.size() || last == dot + 1) {
    throw Error(ErrorKind::invalid_input, {.failed = "'" + text + "' names no profile's setting",
                                           .remedy = "write profile.NAME.KEY"});
  }
  return key_in(app, text.substr(last + 1), {first, text.substr(dot + 1, last - dot - 1)});
}

std::string render_value(const std::string& value, ValueType type) {
  const bool is_number = type == ValueType::integer || type == ValueType::number;
  const bool is_plain = !value.empty() && value.find_first_not_of("0123456789.-") == value.npos;
  if (is_number && is_plain) return value;
  if (type == ValueType::flag && (value == "true" || value == "false")) return value;
  return settings::render_toml_string(value);
}

std::string render_values(const std::vector<std::string>& values, const Key& key) {
  if (values.size() == 1 && !key.is_list) return render_value(values.front(), key.type);
  std::string list;
  for (const std::string& value : values) {
    list += (list.empty() ? "" : ", ") + render_value(value, key.type);
  }
  return "[" + list + "]";
}

// Replaces the file unless the result is invalid.
void write_checked(const std::filesystem::path& path,
                   const std::optional<system::OwnText>& old_text, const std::string& text,
                   const Context& context) {
  (void)settings::parse_config(text, path);  // refuses a token before it is written
  system::write_private_file(path, text);
  try {
    (void)check_configuration(context);
  } catch (const Error&) {
    std::error_code ignored;
    if (old_text) {
      system::write_private_file(path, old_text->text);
    } else {
      std::filesystem::remove(path, ignored);
    }
    throw;
  }
}

Error not_set(const std::string& key, const std::filesystem::path& path) {
  return Error(ErrorKind::not_found, {.failed = key + " is not set in " + path.string(),
                                      .remedy = "rellama config show lists what is in effect"});
}

}  // namespace

std::filesystem::path require_config_path(const Context& context) {
  const auto directory = settings::find_directories(context.environment).config;
  if (const auto path = settings::config_path(directory)) return *path;
  throw Error(ErrorKind::internal, {.failed = "nowhere to store a configuration",
                                    .why = "neither XDG_CONFIG_HOME nor a home directory is known",
                                    .remedy = "set HOME"});
}

int set_config(const std::string& key, const std::vector<std::string>& values,
               const Context& context) {
  const Key found = find_key(key, context);
  if (values.size() > 1 && !found.is_list) {
    throw Error(ErrorKind::invalid_input, {.failed = key + " takes one value",
                                           .remedy = "put quotes around a value with blanks"});
  }
  const auto path = require_config_path(context);
  const auto old_text = system::find_own_text(path);
  const std::string text = settings::set_toml(old_text ? old_text->text : "", found.place,
                                              render_values(values, found), path.string());
  write_checked(path, old_text, text, context);
  return 0;
}

int get_config(const std::string& key, const Context& context) {
  const Key found = find_key(key, context);
  const auto path = require_config_path(context);
  const auto file = settings::find_config(path);
  const auto& table = found.place.table;
  const settings::ConfigSection* section = nullptr;
  if (file && table.empty()) section = &file->top;
  if (file && table.size() == 1 && file->commands.contains(table[0])) {
    section = &file->commands.at(table[0]);
  }
  if (file && table.size() == 2 && file->profiles.contains(table[1])) {
    section = &file->profiles.at(table[1]);
  }
  for (const std::string& name : found.place.names) {
    const settings::ConfigEntry* entry = section == nullptr ? nullptr : section->find(name);
    if (entry == nullptr) continue;
    std::string lines;
    for (const std::string& value : entry->values) lines += value + "\n";
    context.streams.out.print(lines);
    return 0;
  }
  throw not_set(key, path);
}

int unset_config(const std::string& key, const Context& context) {
  const Key found = find_key(key, context);
  const auto path = require_config_path(context);
  const auto old_text = system::find_own_text(path);
  const auto text =
      old_text ? settings::unset_toml(old_text->text, found.place, path.string()) : std::nullopt;
  if (!text) throw not_set(key, path);
  write_checked(path, old_text, *text, context);
  return 0;
}

}  // namespace rellama::program
