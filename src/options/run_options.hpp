#pragma once

#include <string>

#include "options/connection.hpp"
#include "options/context.hpp"
#include "options/model_options.hpp"
#include "options/prompt_options.hpp"

namespace rellama::program {

/// What `--dry-run` prints.
enum class DryRun { off, curl, json };

/// What every command lets the user say that runs a prompt, once or in several ways: the prompt,
/// the model and its parameters, how it is sent, and what bounds it.
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

/// Declares where the prompt is from, beside the words.
void declare_prompt(CLI::App& app, RunOptions& options);

/// Declares how a run is sent and what bounds it. What `model` and `connection` hold declare
/// themselves.
void declare_run(CLI::App& app, RunOptions& options);

}  // namespace rellama::program
