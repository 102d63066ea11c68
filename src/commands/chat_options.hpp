#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "commands/connection.hpp"
#include "commands/history_options.hpp"
#include "commands/model_options.hpp"
#include "commands/output_options.hpp"
#include "commands/question.hpp"

namespace rellama::commands {

/// The command line of `rellama chat`.
struct ChatOptions {
  QuestionOptions question;  ///< the first message, if there is one: the words, in a template
  ModelOptions model;
  HistoryOptions history;
  OutputOptions output;
  std::string timeout;  ///< of each answer
  bool no_stream = false;
  bool demo = false;
  ConnectionOptions connection;
};

void declare(CLI::App& app, ChatOptions& options);

}  // namespace rellama::commands
