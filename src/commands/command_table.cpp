#include "commands/command_table.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "commands/ask.hpp"
#include "commands/auth.hpp"
#include "commands/chat.hpp"
#include "commands/compare.hpp"
#include "commands/completion.hpp"
#include "commands/config.hpp"
#include "commands/doctor.hpp"
#include "commands/emulator_command.hpp"
#include "commands/history.hpp"
#include "commands/man_pages.hpp"
#include "commands/models.hpp"
#include "commands/predictions.hpp"
#include "commands/template.hpp"
#include "prompt/similar.hpp"
#include "rellama/error.hpp"

namespace rellama::commands {
namespace {

constexpr std::array kCommands{
    Command{"ask", "ask once and print the answer (the default)", run_ask},
    Command{"chat", "hold a conversation", run_chat},
    Command{"compare", "ask several models, or with several parameters, side by side", run_compare},
    Command{"history", "find, show, export or delete what was asked before", run_history},
    Command{"models", "list, show or search for models", run_models},
    Command{"predictions", "list, show, follow or cancel what was started before", run_predictions},
    Command{"template", "keep prompts with what goes with them, for -t", run_template, false},
    Command{"auth", "store, check or remove the API token", run_auth},
    Command{"config", "show or edit the configuration", run_config, false},
    Command{"doctor", "check what an answer needs: token, network, terminal", run_doctor},
    Command{"completion", "print what makes a shell complete rellama's words", run_completion,
            false},
    Command{"emulator", "serve Replicate's API on this machine, with canned answers", run_emulator},
    Command{"__complete", "", run_complete, false},
    Command{"__man", "", run_man, false},
};

CLI::App* find_subcommand(CLI::App& app, const std::string& name) {
  for (CLI::App* below : app.get_subcommands(nullptr)) {
    if (below->get_name() == name) return below;
  }
  return nullptr;
}

bool has_subcommand(const Command& command, const std::string& word, const Context& context) {
  return !word.empty() && inspect(command, word, context, [](CLI::App&) {});
}

}  // namespace

std::span<const Command> commands() noexcept {
  return kCommands;
}

const Command* find_command(std::string_view name) noexcept {
  const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                  [name](const Command& command) { return command.name == name; });
  return found == kCommands.end() ? nullptr : &*found;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : kCommands) {
    if (!command.summary.empty()) names.emplace_back(command.name);
  }
  return names;
}

bool inspect(const Command& command, const std::string& subcommand, const Context& context,
             const std::function<void(CLI::App&)>& look) {
  bool found = false;
  Context looking = context;
  looking.inspect = [&](CLI::App& app) {
    // Most commands have one parser with all subcommands in it, some a parser for each.
    const bool is_it = subcommand.empty() || app.get_name().ends_with(" " + subcommand);
    CLI::App* below = is_it ? &app : find_subcommand(app, subcommand);
    if (below == nullptr) return;
    found = true;
    look(*below);
  };
  Arguments arguments;
  if (!subcommand.empty()) arguments.push_back(subcommand);
  (void)command.run(arguments, looking);
  return found;
}

void refuse_misspelled_command(const Arguments& arguments, const Context& context) {
  constexpr std::size_t kShortest = 4;  // "cat" is no slip for "chat"
  const std::string& word = arguments.front();
  if (word.size() < kShortest || word.starts_with('-')) return;
  const std::string meant = prompt::find_similar(word, command_names());
  if (meant.empty() || meant.starts_with(word)) return;
  const bool alone = arguments.size() == 1 && context.streams.in.is_terminal();
  const bool before_subcommand =
      arguments.size() > 1 && has_subcommand(*find_command(meant), arguments[1], context);
  if (!alone && !before_subcommand) return;
  std::string prompt = "rellama --";
  for (const std::string& argument : arguments) prompt += " " + argument;
  throw Error(ErrorKind::invalid_input,
              {.failed = "there is no command " + word,
               .remedy = "did you mean " + meant + "? (as a prompt: " + prompt + ")"});
}

}  // namespace rellama::commands
