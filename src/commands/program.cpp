#include "commands/program.hpp"

#include <algorithm>
#include <exception>
#include <string_view>

#include "commands/ask.hpp"
#include "commands/command_table.hpp"
#include "rellama/version.hpp"
#include "terminal/style.hpp"

namespace rellama::commands {
namespace {

bool asks_for_version(const Arguments& arguments) {
  return arguments.size() == 1 && (arguments[0] == "--version" || arguments[0] == "-V");
}

int dispatch(const Arguments& arguments, const Context& context) {
  if (asks_for_version(arguments)) {
    context.streams.out.write("rellama " + std::string(version()) + "\n");
    return 0;
  }
  // A word is a command only as the whole first argument: `rellama "auth me"` is a prompt.
  if (!arguments.empty()) {
    if (const Command* command = find_command(arguments.front())) {
      return command->run({arguments.begin() + 1, arguments.end()}, context);
    }
    refuse_misspelled_command(arguments, context);
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

std::string render_footer() {
  std::string text =
      "Commands (see rellama COMMAND --help; a prompt that begins with such a word "
      "goes behind --):\n";
  for (const Command& command : commands()) {
    if (command.summary.empty()) continue;
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
