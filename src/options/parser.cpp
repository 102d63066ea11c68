#include "options/parser.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "options/given_option.hpp"
#include "options/help_text.hpp"
#include "options/option_settings.hpp"
#include "options/usage_error.hpp"
#include "prompt/similar.hpp"
#include "rellama/error.hpp"

namespace rellama::program {
namespace {

constexpr int kHelpColumns = 80;

// Turns `--top_k=5` into `--top-k=5`. Leaves values alone, and everything after `--`.
void use_dashes(Arguments& arguments) {
  for (std::string& argument : arguments) {
    if (argument == "--") return;
    if (!argument.starts_with("--")) continue;
    const auto end = std::min(argument.find('='), argument.size());
    std::replace(argument.begin(), argument.begin() + static_cast<std::ptrdiff_t>(end), '_', '-');
  }
}

// `--help all` asks for everything. Removes the word.
HelpExtent take_help_extent(Arguments& arguments) {
  const auto help = std::find_if(arguments.begin(), arguments.end(), [](const std::string& word) {
    return word == "-h" || word.starts_with("--help");
  });
  if (help == arguments.end()) return HelpExtent::common;
  if (*help == "--help=all") {
    *help = "--help";
    return HelpExtent::all;
  }
  const auto next = help + 1;
  if (next == arguments.end() || *next != "all") return HelpExtent::common;
  arguments.erase(next);
  return HelpExtent::all;
}

// Whether the command or one of its subcommands has the option, and it takes a value.
bool takes_value(CLI::App& app, const std::string& name) {
  const CLI::Option* option = app.get_option_no_throw(name);
  if (option != nullptr && option->get_expected_max() > 0) return true;
  const auto below = app.get_subcommands(nullptr);
  return std::any_of(below.begin(), below.end(),
                     [&name](CLI::App* command) { return takes_value(*command, name); });
}

// CLI11 would take the next word for the value of `--name=`.
void refuse_missing_values(CLI::App& app, const Arguments& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") return;
    if (!argument.starts_with("--") || argument.find('=') != argument.size() - 1) continue;
    const std::string name = argument.substr(0, argument.size() - 1);
    if (!takes_value(app, name)) continue;
    throw Error(ErrorKind::invalid_input,
                {.failed = argument + " has no value",
                 .remedy = "write the value after the '=', or " + name + " '' for an empty one"});
  }
}

void print_help(const CLI::App& app, HelpExtent extent, const Context& context) {
  const CLI::App* shown = &app;
  while (!shown->get_subcommands().empty()) shown = shown->get_subcommands().back();
  terminal::OutputStream& out = context.streams.out;
  const int columns = out.is_terminal() ? std::min(out.columns(), kHelpColumns) : kHelpColumns;
  out.print(render_help(*shown, extent, static_cast<std::size_t>(columns)));
}

// The options of the command and of the selected subcommand.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const CLI::App* below : app.get_subcommands()) {
    for (std::string& name : option_names(*below)) names.push_back(std::move(name));
  }
  return names;
}

// What to do with a word that is no option after all.
std::string or_prompt(const CLI::App& app) {
  return app.get_allow_extras() ? ", or put the prompt after --" : "";
}

// The subcommand that has the option; null if none has.
const CLI::App* find_owner(const CLI::App& app, const std::string& name) {
  for (const CLI::App* below : app.get_subcommands(nullptr)) {
    if (below->get_option_no_throw(name) != nullptr) return below;
  }
  return nullptr;
}

Error no_such_option(const CLI::App& app, const std::string& word) {
  const bool is_sentence = word.find_first_of(" \t\n") != std::string::npos;
  const std::string name = is_sentence              ? "'" + word + "'"
                           : word.starts_with("--") ? word.substr(0, word.find('='))
                                                    : word;
  if (const CLI::App* owner = find_owner(app, name)) {
    return Error(ErrorKind::invalid_input,
                 {.failed = app.get_name() + " has no option " + name + " of its own",
                  .remedy = "write it after the subcommand: " + app.get_name() + " " +
                            owner->get_name() + " " + name});
  }
  const std::string meant =
      name.starts_with("--") ? prompt::find_similar(name, option_names(app)) : std::string();
  return Error(ErrorKind::invalid_input,
               {.failed = "there is no option " + name,
                .remedy = meant.empty() ? "see " + app.get_name() + " --help all" + or_prompt(app)
                                        : "did you mean " + meant + "?"});
}

void refuse_typographic_dashes(const CLI::App& app, const std::string& word) {
  const std::string meant = without_typographic_dashes(word);
  if (meant.empty()) return;
  throw Error(
      ErrorKind::invalid_input,
      {.failed = "'" + word + "' does not start with '-' but with a dash that looks like it",
       .remedy = "write " + meant + or_prompt(app)});
}

// Arguments that are neither an option of this parser nor the value of one.
void check_words(CLI::App& app, const Arguments& arguments) {
  for (std::size_t at = 0; at < arguments.size();) {
    const std::string& argument = arguments[at];
    const GivenOption given = read_option(app, arguments, at);
    if (given.length == 0) refuse_typographic_dashes(app, argument);
    if (given.length == 0 && is_option(argument)) throw no_such_option(app, argument);
    at += std::max<std::size_t>(given.length, 1);
  }
}

void check_positionals(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    for (const std::string& word : option->results()) refuse_typographic_dashes(app, word);
  }
  for (const CLI::App* below : app.get_subcommands()) check_positionals(*below);
}

bool asks_for_help(const Arguments& arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [](const std::string& argument) {
    return argument == "-h" || argument == "--help" || argument == "--help=all";
  });
}

// CLI11 only says that a subcommand is required.
void check_subcommand(const CLI::App& app, const Arguments& arguments) {
  if (app.get_require_subcommand_min() == 0) return;
  std::vector<std::string> names;
  for (const CLI::App* below : app.get_subcommands(nullptr)) names.push_back(below->get_name());
  const auto word = std::find_if_not(arguments.begin(), arguments.end(), is_option);
  if (word != arguments.end()) refuse_typographic_dashes(app, *word);
  const bool known =
      word != arguments.end() && std::find(names.begin(), names.end(), *word) != names.end();
  if (known || (word == arguments.end() && !arguments.empty())) return;
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  const std::string command = app.get_name();
  if (word == arguments.end()) {
    throw Error(ErrorKind::invalid_input, {.failed = command + " takes one of: " + all,
                                           .remedy = "see " + command + " --help"});
  }
  const std::string meant = prompt::find_similar(*word, names);
  throw Error(ErrorKind::invalid_input,
              {.failed = "there is no " + command + " " + *word,
               .remedy = meant.empty() ? "there are: " + all : "did you mean " + meant + "?"});
}

}  // namespace

void prepare(CLI::App& app, const std::string& name) {
  app.name(name);
  app.set_help_flag("-h,--help", "show this help");
}

bool parse(CLI::App& app, const Arguments& arguments, const Context& context, Settings settings) {
  if (context.inspect) {
    context.inspect(app);
    return false;
  }
  Arguments reversed = arguments;
  const HelpExtent extent = take_help_extent(reversed);
  check_subcommand(app, reversed);
  use_dashes(reversed);
  refuse_missing_values(app, reversed);
  std::reverse(reversed.begin(), reversed.end());  // CLI11 takes them in reverse
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    print_help(app, extent, context);
    return false;
  } catch (const CLI::ExtrasError& error) {
    const std::vector<std::string> extras = app.remaining(true);
    const auto option = std::find_if(extras.begin(), extras.end(), is_option);
    for (const std::string& word : extras) refuse_typographic_dashes(app, word);
    if (option != extras.end()) throw no_such_option(app, *option);
    throw usage_error(app, error);
  } catch (const CLI::ParseError& error) {
    throw usage_error(app, error);
  } catch (const Error& error) {  // from an option that reads its value itself
    throw value_error(app, error);
  }
  check_positionals(app);
  if (settings == Settings::apply) apply_settings(app, context);
  return true;
}

bool parse_with_words(CLI::App& app, const Arguments& arguments, std::vector<std::string>& words,
                      const Context& context, Settings settings) {
  app.allow_extras();
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  const Arguments before(arguments.begin(), end);
  if (!context.inspect && !asks_for_help(before)) check_words(app, before);
  if (!parse(app, before, context, Settings::leave)) return false;
  words = app.remaining();
  if (end != arguments.end()) words.insert(words.end(), end + 1, arguments.end());
  if (settings == Settings::apply) apply_settings(app, context);
  return true;
}

}  // namespace rellama::program
