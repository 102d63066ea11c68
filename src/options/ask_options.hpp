#pragma once

#include "options/history_options.hpp"
#include "options/output_options.hpp"
#include "options/run_options.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The options of `rellama ask`, which plain `rellama` shares.
struct AskOptions : RunOptions {
  HistoryOptions history;
  OutputOptions output;
  bool detach = false;
};

void declare(CLI::App& app, AskOptions& options);

/// Declares the options that apply when the prompt and its conversation are already known, as for
/// `rellama history rerun`.
void declare_again(CLI::App& app, AskOptions& options);

}  // namespace rellama::program
