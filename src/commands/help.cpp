#include "commands/help.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "commands/near_miss.hpp"
#include "options/command.hpp"
#include "options/given_option.hpp"
#include "options/parser.hpp"
#include "rellama/error.hpp"
#include "rellama/version.hpp"

namespace rellama::program {
namespace {

Error no_such_command(const std::vector<std::string>& words, const Context& context) {
  std::vector<std::string> typed{"help"};
  typed.insert(typed.end(), words.begin(), words.end());
  const std::string meant = find_meant_command({words.front()}, context);
  return Error(
      ErrorKind::invalid_input,
      {.failed = "there is no command " + words.front(),
       .remedy = (meant.empty() ? "rellama help lists them" : "did you mean " + meant + "?") +
                 std::string(" (as a prompt: ") + as_prompt(typed) + ")"});
}

Error no_such_subcommand(const Command& command, const std::string& word) {
  const std::string name = "rellama " + std::string(command.name);
  return Error(ErrorKind::invalid_input,
               {.failed = "there is no " + name + " " + word, .remedy = "see " + name + " --help"});
}

}  // namespace

int run_help(const Arguments& arguments, const Context& context) {
  std::vector<std::string> words;
  CLI::App app("Explain a command, as its --help does.");
  prepare(app, "rellama help");
  app.add_option("COMMAND", words, "the command, and its subcommand if it has any");
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  const Command* command = find_command(context.commands, words.empty() ? "ask" : words.front());
  if (command == nullptr || command->summary.empty()) throw no_such_command(words, context);
  Arguments asked{"--help"};
  if (words.size() > 1) {
    if (!inspect(*command, words[1], context, [](CLI::App&) {})) {
      throw no_such_subcommand(*command, words[1]);
    }
    asked.insert(asked.begin(), words[1]);
  }
  return command->run(asked, context);
}

int run_version(const Arguments& arguments, const Context& context) {
  CLI::App app("Print the version.");
  prepare(app, "rellama version");
  const auto word = std::find_if_not(arguments.begin(), arguments.end(), is_option);
  const bool asks_for_help = !arguments.empty() && is_option(arguments.front());
  if (word != arguments.end() && !asks_for_help && !context.inspect) {
    std::vector<std::string> typed{"version"};
    typed.insert(typed.end(), arguments.begin(), arguments.end());
    throw Error(ErrorKind::invalid_input,
                {.failed = "rellama version takes no words",
                 .remedy = "leave out '" + *word + "' (as a prompt: " + as_prompt(typed) + ")"});
  }
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  context.streams.out.print("rellama " + std::string(version()) + "\n");
  return 0;
}

}  // namespace rellama::program
