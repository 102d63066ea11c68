#pragma once

#include <string_view>

#include "commands/batch/batch_options.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// `rellama batch list|status|delete|merge`. Returns the exit code. Throws Error.
int manage_batches(std::string_view subcommand, const BatchOptions& options,
                   const Context& context);

}  // namespace rellama::program
