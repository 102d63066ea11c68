#include "options/context.hpp"

#include "rellama/error.hpp"

namespace rellama::program {

void tell(const Context& context, std::string_view lines) noexcept {
  try {
    context.streams.err.write(lines);
  } catch (const Error&) {
    // There is nowhere left to report this; the exit code still tells.
  }
}

}  // namespace rellama::program
