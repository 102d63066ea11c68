#include "options/parser.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

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

bool is_option(const std::string& word) {
  return word.size() > 1 && word.starts_with('-');
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

Error no_such_option(const CLI::App& app, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const std::string meant =
      name.starts_with("--") ? prompt::find_similar(name, option_names(app)) : std::string();
  const std::string words = app.get_allow_extras() ? ", or put the prompt after --" : "";
  return Error(ErrorKind::invalid_input,
               {.failed = "there is no option " + name,
                .remedy = (meant.empty() ? "see " + app.get_name() + " --help"
                                         : "did you mean " + meant + "?") +
                          words});
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
    context.streams.out.write(app.help());
    return false;
  } catch (const CLI::ExtrasError& error) {
    const std::vector<std::string> extras = app.remaining(true);
    const auto option = std::find_if(extras.begin(), extras.end(), is_option);
    if (option != extras.end()) throw no_such_option(app, *option);
    throw refused(app, error);
  } catch (const CLI::ParseError& error) {
    throw refused(app, error);
  }
  if (settings == Settings::apply) apply_settings(app, context);
  return true;
}

bool parse_with_words(CLI::App& app, const Arguments& arguments, std::vector<std::string>& words,
                      const Context& context, Settings settings) {
  // The formatter puts brackets around this label in the usage line.
  app.get_formatter()->label("OPTIONS", "OPTIONS] [WORD...");
  app.allow_extras();
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  if (!parse(app, {arguments.begin(), end}, context, Settings::leave)) return false;
  words = app.remaining();
  const auto option = std::find_if(words.begin(), words.end(), is_option);
  if (option != words.end()) throw no_such_option(app, *option);
  if (end != arguments.end()) words.insert(words.end(), end + 1, arguments.end());
  if (settings == Settings::apply) apply_settings(app, context);
  return true;
}

}  // namespace rellama::program
