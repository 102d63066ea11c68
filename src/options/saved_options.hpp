#pragma once

#include <optional>
#include <string>

#include "options/history_options.hpp"
#include "options/model_options.hpp"
#include "rellama/generate.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The model options a user set, as the history records them: JSON by option name,
/// `{"model":["owner/name"],"temperature":["0.2"]}`. A container is recorded as its `endpoint`, in
/// place of the model. Files are recorded by content, because they may change; inputs in `secrets`
/// only by name.
[[nodiscard]] std::string render_saved_options(const ModelOptions& options,
                                               const GenerateRequest& request,
                                               const std::string& endpoint,
                                               const std::vector<std::string>& secrets = {});

/// The container in saved options, as cog=URL; empty if there is none.
[[nodiscard]] std::string find_saved_container(const std::string& saved);

/// Sets the options of `app` that have no flag from saved options, and skips those that `app` does
/// not have. Throws Error (invalid_input) for a value that is no longer valid.
void apply_saved_options(CLI::App& app, const std::string& saved);

/// Finds the conversation to continue, then sets the options that have no flag: from what that
/// conversation saved, then from variables and files. Throws Error (invalid_input, not_found).
[[nodiscard]] std::optional<Continuation> resume_options(CLI::App& app,
                                                         const HistoryOptions& history,
                                                         const Context& context);

}  // namespace rellama::program
