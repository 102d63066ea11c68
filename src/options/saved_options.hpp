#pragma once

#include <string>

#include "options/model_options.hpp"
#include "rellama/generate.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// What the user set of the model and its parameters, as the history keeps it: JSON, by the names
/// of the options, `{"model":["owner/name"],"temperature":["0.2"]}`. Where a container is asked,
/// its `endpoint` takes the place of the model. Files are taken in, so that it stays the same when
/// they change.
[[nodiscard]] std::string render_saved_options(const ModelOptions& options,
                                               const GenerateRequest& request,
                                               const std::string& endpoint);

/// The container that was asked with them, as cog=URL; empty if none was.
[[nodiscard]] std::string find_saved_container(const std::string& kept);

/// Gives the options of `app` that no flag has set what was kept. What `app` does not know is left
/// out. Throws Error (invalid_input) for what cannot be used any more.
void apply_saved_options(CLI::App& app, const std::string& kept);

}  // namespace rellama::program
