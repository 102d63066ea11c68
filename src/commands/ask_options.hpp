#pragma once

#include <CLI/CLI.hpp>

#include "commands/output_options.hpp"
#include "commands/run_options.hpp"

namespace rellama::commands {

/// The command line of `rellama ask`, which is also that of plain `rellama`.
struct AskOptions : RunOptions {
  OutputOptions output;
  bool detach = false;
};

void declare(CLI::App& app, AskOptions& options);

}  // namespace rellama::commands
