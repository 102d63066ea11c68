#pragma once

#include "options/history_options.hpp"
#include "options/output_options.hpp"
#include "options/run_options.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The command line of `rellama ask`, which is also that of plain `rellama`.
struct AskOptions : RunOptions {
  HistoryOptions history;
  OutputOptions output;
  bool detach = false;
};

void declare(CLI::App& app, AskOptions& options);

/// Declares those of an answer whose prompt is known already, and what was said before it.
void declare_again(CLI::App& app, AskOptions& options);

}  // namespace rellama::program
