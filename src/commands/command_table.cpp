#include "commands/command_table.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "commands/ask.hpp"
#include "commands/auth.hpp"
#include "commands/chat/chat.hpp"
#include "commands/compare/compare.hpp"
#include "commands/config/config.hpp"
#include "commands/doctor/doctor.hpp"
#include "commands/emulator_command.hpp"
#include "commands/history/history.hpp"
#include "commands/models/models.hpp"
#include "commands/predictions/predictions.hpp"
#include "commands/template/template.hpp"
#include "manual/completion.hpp"
#include "manual/man_pages.hpp"
#include "prompt/similar.hpp"
#include "rellama/error.hpp"

namespace rellama::program {
namespace {

constexpr std::array kCommands{
    Command{"ask", "ask once and print the answer (the default)", run_ask},
    Command{"chat", "hold a conversation", run_chat},
    Command{"compare", "compare answers of several models or parameters", run_compare},
    Command{"history", "search, show, export or delete past conversations", run_history},
    Command{"models", "list, show or search for models", run_models},
    Command{"predictions", "list, show, follow or cancel predictions", run_predictions},
    Command{"template", "manage saved prompts and their settings, for -t", run_template, false},
    Command{"auth", "store, check or remove the API token", run_auth},
    Command{"config", "show, change or edit the configuration", run_config, false},
    Command{"doctor", "diagnose setup problems", run_doctor},
    Command{"completion", "print a shell completion script", run_completion, false},
    Command{"emulator", "emulate Replicate's API locally, with canned answers", run_emulator},
    Command{"__complete", "", run_complete, false},
    Command{"__man", "", run_man, false},
};

bool has_subcommand(const Command& command, const std::string& word, const Context& context) {
  return !word.empty() && inspect(command, word, context, [](CLI::App&) {});
}

}  // namespace

std::span<const Command> command_table() noexcept {
  return kCommands;
}

void refuse_misspelled_command(const Arguments& arguments, const Context& context) {
  constexpr std::size_t kShortest = 4;  // "cat" is not a typo for "chat"
  const std::string& word = arguments.front();
  if (word.size() < kShortest || word.starts_with('-')) return;
  const std::string meant = prompt::find_similar(word, command_names(context.commands));
  if (meant.empty() || meant.starts_with(word)) return;
  const bool alone = arguments.size() == 1 && context.streams.in.is_terminal();
  const bool before_subcommand =
      arguments.size() > 1 &&
      has_subcommand(*find_command(context.commands, meant), arguments[1], context);
  if (!alone && !before_subcommand) return;
  std::string prompt = "rellama --";
  for (const std::string& argument : arguments) prompt += " " + argument;
  throw Error(ErrorKind::invalid_input,
              {.failed = "unknown command " + word,
               .remedy = "did you mean " + meant + "? (as a prompt: " + prompt + ")"});
}

}  // namespace rellama::program
