#include "options/context.hpp"

#include <exception>
#include <utility>

#include "terminal/table.hpp"
#include "terminal/word_wrap.hpp"

namespace rellama::program {

Context stopped_by(const Context& context, StopToken stop) {
  Context stopped = context;
  stopped.stop = std::move(stop);
  return stopped;
}

void tell(const Context& context, std::string_view lines) noexcept {
  try {
    context.streams.err.print(lines);
  } catch (const std::exception&) {
    // There is nowhere left to report this; the exit code still tells.
  }
}

void tell_wrapped(const Context& context, std::string_view notice) {
  tell(context, terminal::render_wrapped(notice, terminal::table_width(context.streams.err)));
}

}  // namespace rellama::program
