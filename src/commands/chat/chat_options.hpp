#pragma once

#include <cstddef>
#include <string>

#include "options/connection.hpp"
#include "options/history_options.hpp"
#include "options/model_options.hpp"
#include "options/output_options.hpp"
#include "options/prompt_options.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

/// The options of `rellama chat`.
struct ChatOptions {
  PromptOptions prompt;  ///< the first message, if any: the words, in a template
  ModelOptions model;
  HistoryOptions history;
  OutputOptions output;
  std::string timeout;  ///< of each answer
  std::size_t max_predictions = 20;
  bool no_stream = false;
  bool demo = false;
  ConnectionOptions connection;
};

void declare(CLI::App& app, ChatOptions& options);

}  // namespace rellama::program
