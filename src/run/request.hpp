#pragma once

#include <chrono>
#include <string>

#include "options/context.hpp"
#include "options/run_options.hpp"
#include "rellama/generate.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// A request for `model` without its prompt, with the cache of model schemas attached unless it
/// goes to the demo. Throws Error (invalid_input, not_found).
[[nodiscard]] GenerateRequest make_request(const ModelOptions& model,
                                           const ConnectionOptions& connection, bool demo,
                                           const Context& context);

/// The whole request, with the prompt read from its sources. Throws Error (invalid_input,
/// not_found).
[[nodiscard]] GenerateRequest make_request(const RunOptions& options, const Context& context,
                                           const StopToken& stop);

/// The time after which the server cancels the run by itself: --cancel-after, else `timeout`, our
/// own limit (empty: none), so that a lost connection cannot run up a bill. Throws Error
/// (invalid_input) for a time that Replicate does not accept.
[[nodiscard]] std::chrono::seconds cancel_after(const RunOptions& options,
                                                const std::string& timeout, const Context& context);

/// A request as `--dry-run` prints it.
[[nodiscard]] std::string render_dry_run(const RunOptions& options, const PreparedRequest& request,
                                         const Context& context);

}  // namespace rellama::program
