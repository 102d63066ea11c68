#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/context.hpp"
#include "rellama/generate.hpp"

namespace rellama::program {

/// The model and its parameters, for every command that sends a prompt.
struct ModelOptions {
  std::string model = "70b";
  std::optional<std::string> system;  ///< text, or `@` and a path
  GenerationParameters parameters;
  std::vector<std::string> assignments;   ///< the arguments of -o
  std::optional<std::string> piped = {};  ///< standard input, if -s @- has taken it
  bool no_validate = false;
};

void declare(CLI::App& app, ModelOptions& options);

/// Declares `-m` as an option that can be repeated, in place of the one in `ModelOptions`.
void declare_models(CLI::App& app, std::vector<std::string>& models);

/// Declares all options but the model.
void declare_parameters(CLI::App& app, ModelOptions& options);

/// A request without its prompt. Throws Error: invalid_input for an unusable value, not_found for a
/// model that is not hosted.
[[nodiscard]] GenerateRequest make_request(const ModelOptions& options, const Context& context);

/// The -o arguments behind `request`, with the contents of text files in place of their paths,
/// because the files may change, and with marks in place of the inputs in `secrets`. Of other files
/// only the path is kept, made absolute. A mark cannot be used: make_request refuses it.
[[nodiscard]] std::vector<std::string> assignments_without_files(
    const ModelOptions& options, const GenerateRequest& request,
    const std::vector<std::string>& secrets);

}  // namespace rellama::program
