#include "commands/program.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>

#include "commands/ask.hpp"
#include "commands/auth.hpp"
#include "commands/chat.hpp"
#include "commands/compare.hpp"
#include "commands/config.hpp"
#include "commands/doctor.hpp"
#include "commands/emulator_command.hpp"
#include "commands/history.hpp"
#include "commands/models.hpp"
#include "commands/predictions.hpp"
#include "commands/template.hpp"
#include "rellama/version.hpp"
#include "terminal/style.hpp"

namespace rellama::commands {
namespace {

struct Command {
  std::string_view name;
  std::string_view summary;
  int (*run)(const Arguments&, const Context&);
};

constexpr std::array kCommands{
    Command{"ask", "ask once and print the answer (the default)", run_ask},
    Command{"auth", "store, check or remove the API token", run_auth},
    Command{"compare", "ask several models, or with several parameters, side by side", run_compare},
    Command{"chat", "hold a conversation", run_chat},
    Command{"history", "find, show, export or delete what was asked before", run_history},
    Command{"models", "list, show or search for models", run_models},
    Command{"predictions", "list, show, follow or cancel what was started before", run_predictions},
    Command{"template", "keep prompts with what goes with them, for -t", run_template},
    Command{"config", "show or edit the configuration", run_config},
    Command{"doctor", "check what an answer needs: token, network, terminal", run_doctor},
    Command{"emulator", "serve Replicate's API on this machine, with canned answers", run_emulator},
};

// A word is a command only as the whole first argument: `rellama "auth me"` is a prompt.
const Command* find_command(const Arguments& arguments) {
  if (arguments.empty()) return nullptr;
  const auto found = std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& command) {
    return command.name == arguments.front();
  });
  return found == kCommands.end() ? nullptr : &*found;
}

bool asks_for_version(const Arguments& arguments) {
  return arguments.size() == 1 && (arguments[0] == "--version" || arguments[0] == "-V");
}

int dispatch(const Arguments& arguments, const Context& context) {
  if (asks_for_version(arguments)) {
    context.streams.out.write("rellama " + std::string(version()) + "\n");
    return 0;
  }
  if (const Command* command = find_command(arguments)) {
    return command->run({arguments.begin() + 1, arguments.end()}, context);
  }
  return run_ask(arguments, context);
}

}  // namespace

int run_program(const Arguments& arguments, const Context& context) noexcept {
  try {
    return dispatch(arguments, context);
  } catch (const Error& error) {
    const bool color = terminal::use_color(terminal::ColorMode::automatic, context.streams.err,
                                           context.environment);
    return report(error, context, color);
  } catch (const std::exception& error) {
    const Error unforeseen(ErrorKind::internal, {.failed = "something unforeseen happened",
                                                 .why = error.what(),
                                                 .remedy = "please report it"});
    return report(unforeseen, context, false);
  }
}

int report(const Error& error, const Context& context, bool color) {
  // Whoever closed the pipe wants no more, and need not be told.
  if (error.kind() != ErrorKind::output_closed) {
    tell(context, terminal::render_error_line(error.what(), color));
  }
  return traits(error.kind()).exit_code;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  return names;
}

std::string render_footer() {
  std::string text =
      "Commands (see rellama COMMAND --help; a prompt that begins with such a word "
      "goes behind --):\n";
  for (const Command& command : kCommands) {
    std::string name(command.name);
    name.resize(std::max<std::size_t>(name.size(), 12), ' ');
    text += "  " + name + std::string(command.summary) + "\n";
  }
  text +=
      "\nExamples:\n"
      "  rellama \"Why is the sky blue?\"\n"
      "  cat error.log | rellama \"Explain this:\"\n"
      "  answer=$(rellama -m 13b --temperature 0.1 -f question.txt)\n"
      "\nExit codes:\n"
      "  0 succeeded               6 rate limit, after waiting    12 some of several failed\n"
      "  1 other error             7 network, TLS, proxy         124 --timeout passed\n"
      "  2 usage, invalid input    8 server error                129 SIGHUP\n"
      "  3 no or refused token     9 prediction failed           130 SIGINT (Ctrl-C)\n"
      "  4 model not found        10 canceled elsewhere          141 closed pipe\n"
      "  5 credit needed          11 output incomplete           143 SIGTERM\n";
  return text;
}

std::string render_short_help() {
  return "usage: rellama [OPTIONS] PROMPT…\n"
         "\n"
         "  rellama \"Why is the sky blue?\"          ask Llama 2, hosted by Replicate\n"
         "  cat error.log | rellama \"Explain this:\" ask about what is piped in\n"
         "  rellama --demo \"Tell me a story\"        a canned answer, without an account\n"
         "  rellama auth login                      store your API token\n"
         "  rellama --help                          all options and commands\n";
}

}  // namespace rellama::commands
