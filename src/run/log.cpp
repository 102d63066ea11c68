#include "run/log.hpp"

#include <string>

#include "terminal/logging.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {

LogFunction make_log(const OutputOptions& options, const Context& context,
                     terminal::Progress* progress) {
  return make_log(options, context, [progress, context](std::string_view lines) {
    progress != nullptr ? progress->print_above(lines) : tell(context, lines);
  });
}

LogFunction make_log(const OutputOptions& options, const Context& context,
                     const std::function<void(std::string_view)>& show) {
  terminal::LogOptions log{.stop = context.stop};
  if (options.verbosity > 0) {
    log.verbosity = options.verbosity == 1 ? terminal::Verbosity::info : terminal::Verbosity::debug;
  }
  if (!options.log_file.empty()) log.file = options.log_file;
  LogFunction chosen = terminal::make_log(log, context.streams.err);
  if (options.quiet || options.verbosity > 0) return chosen;
  return [chosen, show](LogLevel level, std::string_view line) {
    if (chosen) chosen(level, line);
    if (level == LogLevel::warning) show("rellama: " + terminal::one_line(line) + "\n");
  };
}

}  // namespace rellama::program
