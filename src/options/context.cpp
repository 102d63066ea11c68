#include "options/context.hpp"

#include "rellama/error.hpp"

namespace rellama::program {

void tell(const Context& context, std::string_view lines) noexcept {
  try {
    context.streams.err.write(lines);
  } catch (const Error&) {
    // Nobody is left to be told; the exit code still speaks.
  }
}

}  // namespace rellama::program
