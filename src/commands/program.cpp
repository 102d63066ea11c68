#include "commands/program.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <string_view>

#include "commands/ask.hpp"
#include "commands/command_table.hpp"
#include "options/setting_source.hpp"
#include "rellama/version.hpp"
#include "run/report.hpp"
#include "terminal/style.hpp"

namespace rellama::program {
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
    if (const Command* command = find_command(context.commands, arguments.front())) {
      return command->run({arguments.begin() + 1, arguments.end()}, context);
    }
    refuse_misspelled_command(arguments, context);
  }
  return run_ask(arguments, context);
}

}  // namespace

int run_program(const Arguments& arguments, const Context& context) noexcept {
  std::vector<SettingInUse> settings;
  try {
    Context watched = context;
    watched.settings_in_use = &settings;
    return dispatch(arguments, watched);
  } catch (const Error& unplaced) {
    const Error error = with_source(unplaced, settings);
    const bool color = terminal::use_color(terminal::ColorMode::automatic, context.streams.err,
                                           context.environment);
    return report(error, context, color);
  } catch (const std::bad_alloc&) {
    // Reporting it must not need memory.
    tell(context, "rellama: out of memory: close other programs or ask for less\n");
    return traits(ErrorKind::internal).exit_code;
  } catch (const std::exception& error) {
    const Error unexpected(
        ErrorKind::internal,
        {.failed = "unexpected error", .why = error.what(), .remedy = "please report it"});
    return report(unexpected, context, false);
  }
}

}  // namespace rellama::program
