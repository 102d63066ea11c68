#pragma once

#include <optional>

#include "options/ask_options.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// `rellama ask`: asks once and prints the answer. Returns the exit code. Throws Error.
int run_ask(const Arguments& arguments, const Context& context);

/// As `run_ask`, with complete options, continuing a conversation if there is one.
int ask_with(AskOptions options, const std::optional<Continuation>& continuation,
             const Context& context);

}  // namespace rellama::program
