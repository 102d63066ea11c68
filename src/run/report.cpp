#include "run/report.hpp"

#include "terminal/style.hpp"

namespace rellama::program {

int report(const Error& error, const Context& context, bool color) {
  // Whoever closed the pipe does not read messages either.
  if (error.kind() != ErrorKind::output_closed) {
    tell(context, terminal::render_error_line(error.what(), color));
  }
  return traits(error.kind()).exit_code;
}

}  // namespace rellama::program
