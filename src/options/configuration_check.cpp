#include "options/configuration_check.hpp"

#include <CLI/CLI.hpp>

#include "options/ask_options.hpp"
#include "options/command.hpp"
#include "options/config_keys.hpp"
#include "options/option_settings.hpp"
#include "settings/config_file.hpp"
#include "settings/directories.hpp"
#include "wire/counted.hpp"

namespace rellama::program {
namespace {

// RELLAMA_ variables would take precedence over the settings being checked.
Context without_variables(const Context& context) {
  Context without = context;
  without.environment = [&context](std::string_view variable) {
    const bool ours = variable.starts_with("RELLAMA_");
    return ours ? std::nullopt : context.environment(variable);
  };
  return without;
}

// Checks a profile as a prompt without options would use it. No name: only the top-level settings.
void check_profile(const std::string& name, const Context& context) {
  AskOptions options;
  CLI::App app;
  app.name("rellama");
  declare(app, options);
  if (!name.empty()) app.get_option("--profile")->add_result(name);
  check_settings(app, context);
  (void)make_request(options.model, context);  // do the model and the files exist?
}

void check_command(const std::string& name, const Context& context) {
  inspect(*find_command(context.commands, name), "", context, [&context](CLI::App& app) {
    Context parsing = context;
    parsing.inspect = {};
    check_settings(app, parsing);
  });
}

}  // namespace

std::string check_configuration(const Context& context) {
  const Context quiet = without_variables(context);
  const auto path = settings::config_path(settings::find_directories(context.environment).config);
  const auto file = path ? settings::find_config(*path) : std::nullopt;
  check_profile("", quiet);
  if (!file) return "none";
  std::size_t settings = file->top.entries.size();
  for (const auto& [name, section] : file->commands) {
    check_command(name, quiet);
    settings += section.entries.size();
  }
  for (const auto& [name, section] : file->profiles) check_profile(name, quiet);
  return wire::counted(settings, "setting") + ", " +
         wire::counted(file->profiles.size(), "profile");
}

}  // namespace rellama::program
