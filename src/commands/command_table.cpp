#include "commands/command_table.hpp"

#include <array>

#include "commands/ask.hpp"
#include "commands/auth.hpp"
#include "commands/batch/batch.hpp"
#include "commands/chat/chat.hpp"
#include "commands/compare/compare.hpp"
#include "commands/config/config.hpp"
#include "commands/doctor/doctor.hpp"
#include "commands/emulator_command.hpp"
#include "commands/help.hpp"
#include "commands/history/history.hpp"
#include "commands/models/models.hpp"
#include "commands/predictions/predictions.hpp"
#include "commands/serve/serve.hpp"
#include "commands/template/template.hpp"
#include "manual/completion.hpp"
#include "manual/man_pages.hpp"

namespace rellama::program {
namespace {

constexpr std::array kCommands{
    Command{"ask", "ask once and print the answer (the default)", run_ask},
    Command{"chat", "hold a conversation", run_chat},
    Command{"compare", "compare answers of several models or parameters", run_compare},
    Command{"serve", "serve a page to chat in a browser", run_serve},
    Command{"batch", "run many prompts from a file, and resume", run_batch},
    Command{"history", "search, show, export or delete past conversations", run_history},
    Command{"models", "list, show or search for models", run_models},
    Command{"predictions", "list, show, follow or cancel predictions", run_predictions},
    Command{"template", "manage saved prompts and their settings, for -t", run_template, false},
    Command{"auth", "store, check or remove the API token", run_auth},
    Command{"config", "show, change or edit the configuration", run_config, false},
    Command{"doctor", "diagnose setup problems", run_doctor},
    Command{"completion", "print a shell completion script", run_completion, false},
    Command{"emulator", "emulate Replicate's API locally, with canned answers", run_emulator},
    Command{"help", "explain a command", run_help, false},
    Command{"version", "print the version", run_version, false},
    Command{"__complete", "", run_complete, false},
    Command{"__man", "", run_man, false},
};

}  // namespace

std::span<const Command> command_table() noexcept {
  return kCommands;
}

}  // namespace rellama::program
