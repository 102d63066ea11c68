#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/context.hpp"
#include "rellama/generate.hpp"

namespace rellama::program {

/// Which model is asked, and how it is to answer; the same for every command that asks one.
struct ModelOptions {
  std::string model = "70b";
  std::optional<std::string> system;  ///< text, or @ and a file
  GenerationParameters parameters;
  std::vector<std::string> assignments;  ///< the arguments of -o
  bool no_validate = false;
};

void declare(CLI::App& app, ModelOptions& options);

/// Declares a model that may be given several times instead of the one of `ModelOptions`.
void declare_models(CLI::App& app, std::vector<std::string>& models);

/// Declares all of them but the model.
void declare_parameters(CLI::App& app, ModelOptions& options);

/// A request that lacks nothing but its prompt. Throws Error: invalid_input for what cannot be
/// used, not_found for a model that nobody hosts.
[[nodiscard]] GenerateRequest make_request(const ModelOptions& options, const Context& context);

/// The arguments of -o that made `request`, but with what they took from files in them: the files
/// may be others, or elsewhere, next time.
[[nodiscard]] std::vector<std::string> assignments_without_files(const ModelOptions& options,
                                                                 const GenerateRequest& request);

}  // namespace rellama::program
