#pragma once

#include <memory>

#include "batch/batch_run.hpp"
#include "batch/journal.hpp"
#include "commands/batch/batch_options.hpp"
#include "options/context.hpp"

namespace rellama::program {

/// Records answers in the history, as turns of one conversation that the journal remembers. Null if
/// there is no home directory.
[[nodiscard]] std::unique_ptr<batch::AnswerLog> open_batch_log(const BatchOptions& options,
                                                               batch::Journal& journal,
                                                               const Context& context);

}  // namespace rellama::program
