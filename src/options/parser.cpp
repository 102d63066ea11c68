#include "options/parser.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "options/given_option.hpp"
#include "options/option_settings.hpp"
#include "prompt/similar.hpp"
#include "rellama/error.hpp"

namespace rellama::program {
namespace {

constexpr std::size_t kOptionColumn = 34;

// Turns `--top_k=5` into `--top-k=5`. Leaves values alone, and everything after `--`.
void use_dashes(Arguments& arguments) {
  for (std::string& argument : arguments) {
    if (argument == "--") return;
    if (!argument.starts_with("--")) continue;
    const auto end = std::min(argument.find('='), argument.size());
    std::replace(argument.begin(), argument.begin() + static_cast<std::ptrdiff_t>(end), '_', '-');
  }
}

Error refused(const CLI::App& app, const CLI::ParseError& error) {
  return Error(ErrorKind::invalid_input,
               {.failed = error.what(), .remedy = "see " + app.get_name() + " --help"});
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

Error no_such_option(const CLI::App& app, const std::string& word) {
  const bool is_sentence = word.find_first_of(" \t\n") != std::string::npos;
  const std::string name = is_sentence ? "'" + word + "'" : word.substr(0, word.find('='));
  const std::string meant =
      name.starts_with("--") ? prompt::find_similar(name, option_names(app)) : std::string();
  return Error(ErrorKind::invalid_input,
               {.failed = "there is no option " + name,
                .remedy = (meant.empty() ? "see " + app.get_name() + " --help"
                                         : "did you mean " + meant + "?") +
                          or_prompt(app)});
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
    return argument == "-h" || argument == "--help";
  });
}

// CLI11 only says that a subcommand is required.
void check_subcommand(const CLI::App& app, const Arguments& arguments) {
  if (app.get_require_subcommand_min() == 0) return;
  std::vector<std::string> names;
  for (const CLI::App* below : app.get_subcommands(nullptr)) names.push_back(below->get_name());
  const auto word = std::find_if_not(arguments.begin(), arguments.end(), is_option);
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

// Shows names, metavars and descriptions. Which options exclude each other is left to error
// messages.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_positional()) return CLI::Formatter::make_option_opts(option);
    const std::string metavar = metavar_of(*option);
    return metavar.empty() ? metavar : " " + metavar;
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    return describe(*option);
  }
};

}  // namespace

void prepare(CLI::App& app, const std::string& name) {
  app.name(name);
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(kOptionColumn);
  app.set_help_flag("-h,--help", "show this help");
}

bool parse(CLI::App& app, const Arguments& arguments, const Context& context, Settings settings) {
  if (context.inspect) {
    context.inspect(app);
    return false;
  }
  check_subcommand(app, arguments);
  Arguments reversed = arguments;
  use_dashes(reversed);
  std::reverse(reversed.begin(), reversed.end());  // CLI11 takes them in reverse
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    context.streams.out.print(app.help());
    return false;
  } catch (const CLI::ExtrasError& error) {
    const std::vector<std::string> extras = app.remaining(true);
    const auto option = std::find_if(extras.begin(), extras.end(), is_option);
    for (const std::string& word : extras) refuse_typographic_dashes(app, word);
    if (option != extras.end()) throw no_such_option(app, *option);
    throw refused(app, error);
  } catch (const CLI::ParseError& error) {
    throw refused(app, error);
  }
  check_positionals(app);
  if (settings == Settings::apply) apply_settings(app, context);
  return true;
}

bool parse_with_words(CLI::App& app, const Arguments& arguments, std::vector<std::string>& words,
                      const Context& context, Settings settings) {
  // The formatter puts brackets around this label in the usage line.
  app.get_formatter()->label("OPTIONS", "OPTIONS] [WORD...");
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
