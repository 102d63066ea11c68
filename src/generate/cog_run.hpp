#pragma once

#include <memory>

#include "cog/connection.hpp"
#include "generate/run_task.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/generate.hpp"

namespace rellama {

/// Runs one prompt with the model in a container:
///
///     fetch the schema ──▶ render the input ──▶ run ──▶ done
///       └── not available ───────┘
///
/// All arguments must outlive the task.
[[nodiscard]] std::unique_ptr<RunTask> make_cog_run(const cog::Connection& connection,
                                                    const GenerateRequest& request,
                                                    EventSink& sink);

}  // namespace rellama
