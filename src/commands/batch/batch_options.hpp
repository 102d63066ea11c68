#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "batch/record.hpp"
#include "options/context.hpp"
#include "options/output_options.hpp"
#include "options/run_options.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The options of `rellama batch`.
struct BatchOptions : RunOptions {
  std::string input;  ///< a path; empty or `-`: standard input
  std::optional<batch::Format> format;
  std::string prompt_text;  ///< the argument of --prompt
  OutputOptions output;
  bool text = false;
  bool ordered = false;

  std::size_t jobs = 8;
  std::string rate;
  std::string shard;

  bool resume = false;
  bool retry_failed = false;
  bool fail_fast = false;
  std::optional<std::size_t> max_failures;

  std::optional<std::size_t> max_predictions;
  std::optional<std::size_t> max_predictions_per_day;
  std::optional<double> max_cost;
  std::optional<double> max_cost_per_day;
  std::string price;
  std::string price_date;

  bool history = false;

  // Of the subcommands.
  std::vector<std::string> files;
  bool json = false;
};

/// Declares the options and the subcommands.
void declare(CLI::App& app, BatchOptions& options);

}  // namespace rellama::program
