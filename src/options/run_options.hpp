#pragma once

#include <string>

#include "options/connection.hpp"
#include "options/context.hpp"
#include "options/model_options.hpp"
#include "options/prompt_options.hpp"

namespace rellama::program {

/// What `--dry-run` prints.
enum class DryRun { off, curl, json };

/// The options of every command that runs prompts: the prompt, the model and its parameters, how
/// the request is sent, and its limits.
struct RunOptions {
  ModelOptions model;

  PromptOptions prompt;

  bool no_stream = false;

  DryRun dry_run = DryRun::off;
  std::string timeout;
  std::string cancel_after;
  bool demo = false;
  ConnectionOptions connection;
};

/// Declares --file.
void declare_files(CLI::App& app, PromptSources& sources);

/// Declares the sources of the prompt other than the words.
void declare_prompt(CLI::App& app, RunOptions& options);

/// Declares how a run is sent and its limits. `model` and `connection` are declared separately.
void declare_run(CLI::App& app, RunOptions& options);

}  // namespace rellama::program
