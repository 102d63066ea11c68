#pragma once

#include <optional>

#include "options/ask_options.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// Asks once and prints the answer; gives the exit code. Throws Error.
int run_ask(const Arguments& arguments, const Context& context);

/// The same with options that are complete, going on with a conversation if there is one.
int ask_with(AskOptions options, const std::optional<Continuation>& continuation,
             const Context& context);

}  // namespace rellama::program
