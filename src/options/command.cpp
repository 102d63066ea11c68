#include "options/command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace rellama::program {
namespace {

CLI::App* find_subcommand(CLI::App& app, const std::string& name) {
  for (CLI::App* subcommand : app.get_subcommands(nullptr)) {
    if (subcommand->get_name() == name) return subcommand;
  }
  return nullptr;
}

}  // namespace

const Command* find_command(std::span<const Command> commands, std::string_view name) noexcept {
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [name](const Command& command) { return command.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

std::vector<std::string> command_names(std::span<const Command> commands) {
  std::vector<std::string> names;
  for (const Command& command : commands) {
    if (!command.summary.empty()) names.emplace_back(command.name);
  }
  return names;
}

bool inspect(const Command& command, const std::string& subcommand, const Context& context,
             const std::function<void(CLI::App&)>& visit) {
  bool found = false;
  Context inspecting = context;
  inspecting.inspect = [&](CLI::App& app) {
    // Most commands have one parser for all subcommands; some have one for each.
    const bool is_it = subcommand.empty() || app.get_name().ends_with(" " + subcommand);
    CLI::App* match = is_it ? &app : find_subcommand(app, subcommand);
    if (match == nullptr) return;
    found = true;
    visit(*match);
  };
  Arguments arguments;
  if (!subcommand.empty()) arguments.push_back(subcommand);
  (void)command.run(arguments, inspecting);
  return found;
}

}  // namespace rellama::program
