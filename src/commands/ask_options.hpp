#pragma once

#include <CLI/CLI.hpp>

#include "commands/history_options.hpp"
#include "commands/output_options.hpp"
#include "commands/run_options.hpp"

namespace rellama::commands {

/// The command line of `rellama ask`, which is also that of plain `rellama`.
struct AskOptions : RunOptions {
  HistoryOptions history;
  OutputOptions output;
  bool detach = false;
};

void declare(CLI::App& app, AskOptions& options);

/// Declares those of an answer whose prompt is known already, and what was said before it.
void declare_again(CLI::App& app, AskOptions& options);

}  // namespace rellama::commands
