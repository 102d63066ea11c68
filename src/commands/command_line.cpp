#include "commands/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>

#include "commands/near_miss.hpp"
#include "options/given_option.hpp"
#include "rellama/error.hpp"

namespace rellama::program {
namespace {

bool is_quiet(const std::string& argument) {
  return argument == "-q" || argument == "--quiet";
}

// Where the command is; the number of arguments if there is none.
std::size_t find_command_word(const Arguments& arguments, const Context& context) {
  if (arguments.empty()) return 0;
  if (!is_option(arguments.front())) {
    return find_command(context.commands, arguments.front()) != nullptr ? 0 : arguments.size();
  }
  // Do not build a parser for a prompt.
  const bool has_command =
      std::any_of(arguments.begin(), arguments.end(), [&context](const std::string& argument) {
        return find_command(context.commands, argument) != nullptr;
      });
  std::size_t at = arguments.size();
  if (!has_command) return at;
  inspect(*find_command(context.commands, "ask"), "", context,
          [&](CLI::App& app) { at = skip_options(app, arguments); });
  const bool found =
      at < arguments.size() && find_command(context.commands, arguments[at]) != nullptr;
  return found ? at : arguments.size();
}

// Throws if the command has no such option, except for -q, which is taken out.
void check_options(Arguments& options, CommandLine& line, const std::string& subcommand,
                   const Context& context) {
  const std::string name =
      "rellama " + std::string(line.command->name) + (subcommand.empty() ? "" : " " + subcommand);
  inspect(*line.command, subcommand, context, [&](CLI::App& app) {
    for (std::size_t at = 0; at < options.size();) {
      const std::size_t length = read_option(app, options, at).length;
      if (length == 0 && !is_quiet(options[at])) {
        throw Error(ErrorKind::invalid_input,
                    {.failed = name + " has no option " + options[at],
                     .remedy = "see " + name + " --help (a prompt that starts with '" +
                               std::string(line.command->name) + "' goes after --)"});
      }
      if (length == 0) {
        line.quiet = true;
        options.erase(options.begin() + static_cast<std::ptrdiff_t>(at));
      }
      at += length;
    }
  });
}

}  // namespace

CommandLine read_command_line(const Arguments& arguments, const Context& context) {
  const std::size_t at = find_command_word(arguments, context);
  if (at == arguments.size()) {
    refuse_near_miss(arguments, context);
    return {.arguments = arguments};
  }
  const auto word = arguments.begin() + static_cast<std::ptrdiff_t>(at);
  CommandLine line{.command = find_command(context.commands, *word),
                   .arguments = {word + 1, arguments.end()}};
  if (at == 0) return line;
  Arguments options(arguments.begin(), word);
  auto place = line.arguments.begin();
  std::string subcommand;
  const bool has_subcommand = place != line.arguments.end() && !is_option(*place) &&
                              inspect(*line.command, *place, context, [](CLI::App&) {});
  if (has_subcommand) subcommand = *place++;
  check_options(options, line, subcommand, context);
  line.arguments.insert(place, options.begin(), options.end());
  return line;
}

}  // namespace rellama::program
