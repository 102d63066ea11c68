#include "commands/program.hpp"

#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include "commands/ask.hpp"
#include "commands/command_line.hpp"
#include "commands/help.hpp"
#include "options/setting_source.hpp"
#include "run/report.hpp"
#include "terminal/style.hpp"

namespace rellama::program {
namespace {

bool asks_for_version(const Arguments& arguments) {
  return arguments.size() == 1 && (arguments[0] == "--version" || arguments[0] == "-V");
}

// Drops what a command says on stderr, unless it fails.
class QuietOutput final : public terminal::OutputStream {
 public:
  explicit QuietOutput(terminal::OutputStream& out) : out_(out) {}

  void write(std::string_view bytes) override { held_ += bytes; }
  [[nodiscard]] bool is_terminal() const noexcept override { return false; }
  [[nodiscard]] int columns() const noexcept override { return out_.columns(); }

  void release() { out_.print(std::exchange(held_, {})); }

 private:
  terminal::OutputStream& out_;
  std::string held_;
};

int run_quietly(const CommandLine& line, const Context& context) {
  QuietOutput err(context.streams.err);
  const terminal::Streams streams{context.streams.in, context.streams.out, err};
  const Context quiet{.streams = streams,
                      .environment = context.environment,
                      .commands = context.commands,
                      .inspect = context.inspect,
                      .stop = context.stop,
                      .settings_in_use = context.settings_in_use};
  try {
    const int code = line.command->run(line.arguments, quiet);
    if (code != 0) err.release();
    return code;
  } catch (const Error&) {
    err.release();
    throw;
  }
}

int dispatch(const Arguments& arguments, const Context& context) {
  if (asks_for_version(arguments)) return run_version({}, context);
  const CommandLine line = read_command_line(arguments, context);
  if (line.command == nullptr) return run_ask(line.arguments, context);
  return line.quiet ? run_quietly(line, context) : line.command->run(line.arguments, context);
}

// Throws std::bad_alloc if there is no memory, even to report an error.
int dispatch_and_report(const Arguments& arguments, const Context& context, int& exit_code) {
  std::vector<SettingInUse> settings;
  try {
    Context watched = context;
    watched.settings_in_use = &settings;
    return dispatch(arguments, watched);
  } catch (const Error& unplaced) {
    exit_code = traits(unplaced.kind()).exit_code;
    const Error error = with_source(unplaced, settings);
    const bool color = terminal::use_color(terminal::ColorMode::automatic, context.streams.err,
                                           context.environment);
    return report(error, context, color);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    const Error unexpected(
        ErrorKind::internal,
        {.failed = "unexpected error", .why = error.what(), .remedy = "please report it"});
    return report(unexpected, context, false);
  }
}

}  // namespace

int run_program(const Arguments& arguments, const Context& context) noexcept {
  int exit_code = traits(ErrorKind::internal).exit_code;
  try {
    return dispatch_and_report(arguments, context, exit_code);
  } catch (const std::exception&) {
    tell(context, kOutOfMemory);
    return exit_code;
  }
}

}  // namespace rellama::program
