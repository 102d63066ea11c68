#include "options/context.hpp"

#include <exception>

namespace rellama::program {

void tell(const Context& context, std::string_view lines) noexcept {
  try {
    context.streams.err.write(lines);
  } catch (const std::exception&) {
    // There is nowhere left to report this; the exit code still tells.
  }
}

}  // namespace rellama::program
