#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "commands/connection.hpp"
#include "commands/model_options.hpp"
#include "commands/output_options.hpp"

namespace rellama::commands {

/// The command line of `rellama chat`.
struct ChatOptions {
  std::vector<std::string> words;  ///< the first message, if there are any
  ModelOptions model;
  OutputOptions output;
  std::string timeout;  ///< of each answer
  bool no_stream = false;
  bool demo = false;
  ConnectionOptions connection;
};

void declare(CLI::App& app, ChatOptions& options);

}  // namespace rellama::commands
