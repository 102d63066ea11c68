#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "commands/connection.hpp"
#include "commands/model_options.hpp"
#include "commands/output_options.hpp"
#include "commands/prompt_input.hpp"

namespace rellama::commands {

/// What `--dry-run` prints.
enum class DryRun { off, curl, json };

/// The command line of `rellama ask`, which is also that of plain `rellama`.
struct AskOptions {
  ModelOptions model;

  PromptSources prompt;
  bool no_stdin = false;

  bool no_stream = false;
  OutputOptions output;

  DryRun dry_run = DryRun::off;
  std::string timeout;
  std::string cancel_after;
  bool detach = false;
  bool demo = false;
  ConnectionOptions connection;
};

void declare(CLI::App& app, AskOptions& options);

}  // namespace rellama::commands
