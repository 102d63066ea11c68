#include "commands/parser.hpp"

#include <algorithm>

#include "commands/option_settings.hpp"
#include "rellama/error.hpp"

namespace rellama::commands {
namespace {

constexpr std::size_t kOptionColumn = 34;

// `--top_k=5` is `--top-k=5`. Nothing behind `--` is an option, and values are left alone.
void use_dashes(Arguments& arguments) {
  for (std::string& argument : arguments) {
    if (argument == "--") return;
    if (!argument.starts_with("--")) continue;
    const auto end = std::min(argument.find('='), argument.size());
    std::replace(argument.begin(), argument.begin() + static_cast<std::ptrdiff_t>(end), '_', '-');
  }
}

}  // namespace

void prepare(CLI::App& app, const std::string& name) {
  app.name(name);
  app.get_formatter()->column_width(kOptionColumn);
  app.set_help_flag("-h,--help", "show this help");
}

bool parse(CLI::App& app, const Arguments& arguments, const Context& context, Settings settings) {
  Arguments reversed = arguments;
  use_dashes(reversed);
  std::reverse(reversed.begin(), reversed.end());  // as CLI11 wants them
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    context.streams.out.write(app.help());
    return false;
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::invalid_input,
                {.failed = error.what(), .remedy = "see " + app.get_name() + " --help"});
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
  for (const std::string& word : words) {
    if (word.size() > 1 && word.starts_with('-')) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "there is no option " + word,
                   .remedy = "see " + app.get_name() +
                             " --help, or put the words of the prompt behind --"});
    }
  }
  if (end != arguments.end()) words.insert(words.end(), end + 1, arguments.end());
  if (settings == Settings::apply) apply_settings(app, context);
  return true;
}

}  // namespace rellama::commands
