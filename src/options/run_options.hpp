#pragma once

#include <chrono>
#include <string>

#include "options/connection.hpp"
#include "options/context.hpp"
#include "options/model_options.hpp"
#include "options/prompt_options.hpp"
#include "rellama/generate.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// What `--dry-run` prints.
enum class DryRun { off, curl, json };

/// What every command lets the user say that runs a prompt, once or in several ways: the prompt,
/// the model and its parameters, how it is sent, and what bounds it.
struct RunOptions {
  ModelOptions model;

  QuestionOptions question;

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

/// The whole request, with the prompt read from where it is. Throws Error for what cannot be used.
[[nodiscard]] GenerateRequest make_request(const RunOptions& options, const Context& context,
                                           const StopToken& stop);

/// The server's own end of the run: what the user asked for, else `patience`, the end of our own
/// (empty: none), so that even a lost network cannot run up a bill. Throws Error (invalid_input)
/// for what Replicate would not take.
[[nodiscard]] std::chrono::seconds cancel_after(const RunOptions& options,
                                                const std::string& patience,
                                                const Context& context);

/// The token to run with. Throws Error (unauthorized) where there is none.
[[nodiscard]] ApiToken token_for(const RunOptions& options, const Context& context);

/// The request as `--dry-run` prints it. Throws Error (invalid_input).
[[nodiscard]] std::string render_dry_run(const RunOptions& options, const GenerateRequest& request,
                                         const Context& context);

}  // namespace rellama::program
