#include "options/config_keys.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>
#include <vector>

#include "options/ask_options.hpp"
#include "options/suggestion.hpp"
#include "rellama/error.hpp"

namespace rellama::program {
namespace {

constexpr const char* kAll = "see all of them with: rellama config show";

using settings::ConfigSection;

// All names of an option: `--temp` is another name of `--temperature`.
void add_names(std::vector<std::string>& names, const CLI::Option& option) {
  const auto& own = option.get_lnames();
  names.insert(names.end(), own.begin(), own.end());
}

// A file cannot choose a profile of its own: flags and variables do.
bool is_key(const CLI::Option* option) {
  return is_settable(option) && !option->check_lname("profile");
}

std::vector<std::string> names_in(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options(is_key)) add_names(names, *option);
  for (const CLI::App* below : app.get_subcommands(nullptr)) {
    for (std::string& name : names_in(*below)) names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> names_of_prompt(const CLI::App& app) {
  if (command_of(app) == "ask") return names_in(app);
  AskOptions options;
  CLI::App asking;
  declare(asking, options);
  return names_in(asking);
}

void check_section(const ConfigSection& section, const std::string& where,
                   const std::vector<std::string>& names) {
  for (const settings::ConfigEntry& entry : section.entries) {
    if (std::find(names.begin(), names.end(), entry.name) != names.end()) continue;
    throw Error(ErrorKind::invalid_input, {.failed = settings::render_place(where, entry.line) +
                                                     ": unknown setting '" + entry.key + "'",
                                           .remedy = did_you_mean(entry.name, names, kAll)});
  }
}

void check_table_names(const settings::ConfigFile& file, std::span<const Command> commands) {
  for (const auto& [name, section] : file.commands) {
    const Command* command = find_command(commands, name);
    if (command != nullptr && command->has_settings) continue;
    const std::string place =
        settings::render_place(file.path.string(), section.line) + ": [" + name + "] ";
    if (command != nullptr) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = place + "is a command that has no settings", .remedy = "remove it"});
    }
    throw Error(ErrorKind::invalid_input,
                {.failed = place + "is not a command",
                 .remedy = did_you_mean(name, command_names(commands),
                                        "a profile is written [profile." + name + "]")});
  }
}

}  // namespace

std::string command_of(const CLI::App& app) {
  const std::string& name = app.get_name();
  const auto blank = name.find(' ');
  if (blank == std::string::npos) return "ask";
  return name.substr(blank + 1, name.find(' ', blank + 1) - blank - 1);
}

bool is_settable(const CLI::Option* option) {
  return !option->get_lnames().empty() && option->get_configurable() &&
         !option->check_lname("help");
}

void check_keys(const settings::ConfigFile& file, const CLI::App& app,
                std::span<const Command> commands) {
  const std::string where = file.path.string();
  const std::vector<std::string> names = names_of_prompt(app);
  check_section(file.top, where, names);
  for (const auto& [name, section] : file.profiles) check_section(section, where, names);
  check_table_names(file, commands);
  if (const auto own = file.commands.find(command_of(app)); own != file.commands.end()) {
    check_section(own->second, where, names_in(app));
  }
}

void check_template_keys(const settings::SavedPrompt& prompt_template, const CLI::App& app) {
  std::vector<std::string> names{"description", "prompt"};
  for (const CLI::Option* option : app.get_options(is_key)) {
    if (option->get_group() == "Model") add_names(names, *option);
  }
  check_section(prompt_template.settings, prompt_template.where, names);
}

const ConfigSection& require_profile(const settings::ConfigFile& file, const std::string& name) {
  const auto found = file.profiles.find(name);
  if (found != file.profiles.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, section] : file.profiles) names.push_back(known);
  throw Error(ErrorKind::invalid_input,
              {.failed = "there is no profile '" + name + "' in " + file.path.string(),
               .remedy = did_you_mean(name, names,
                                      "add [profile." + name + "] with: rellama config edit")});
}

}  // namespace rellama::program
