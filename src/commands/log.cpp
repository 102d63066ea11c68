#include "commands/log.hpp"

#include <string>

#include "terminal/logging.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::commands {

LogFunction make_log(const OutputOptions& options, const Context& context,
                     terminal::Progress* progress) {
  terminal::LogOptions log;
  if (options.verbosity > 0) {
    log.verbosity = options.verbosity == 1 ? terminal::Verbosity::info : terminal::Verbosity::debug;
  }
  if (!options.log_file.empty()) log.file = options.log_file;
  LogFunction chosen = terminal::make_log(log, context.streams.err);
  if (options.quiet || options.verbosity > 0) return chosen;
  return [chosen, progress, context](LogLevel level, std::string_view line) {
    if (chosen) chosen(level, line);
    if (level != LogLevel::warning) return;
    const std::string warning = "rellama: " + terminal::one_line(line) + "\n";
    progress != nullptr ? progress->print_above(warning) : tell(context, warning);
  };
}

}  // namespace rellama::commands
