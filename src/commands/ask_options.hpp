#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/connection.hpp"
#include "commands/prompt_input.hpp"
#include "rellama/generate.hpp"
#include "terminal/style.hpp"

namespace rellama::commands {

/// The form in which an answer is printed.
enum class AnswerFormat { text, json, jsonl };

/// What `--dry-run` prints.
enum class DryRun { off, curl, json };

/// The command line of `rellama ask`, which is also that of plain `rellama`.
struct AskOptions {
  std::string model = "70b";
  std::string system;
  GenerationParameters parameters;
  std::vector<std::string> assignments;  ///< the arguments of -o

  PromptSources prompt;
  bool no_stdin = false;

  bool json = false;
  bool jsonl = false;
  bool raw = false;
  bool no_stream = false;
  bool usage = false;
  bool quiet = false;
  int verbosity = 0;
  std::string log_file;
  terminal::ColorMode color = terminal::ColorMode::automatic;

  DryRun dry_run = DryRun::off;
  std::string timeout;
  bool demo = false;
  ConnectionOptions connection;

  [[nodiscard]] AnswerFormat format() const {
    if (jsonl) return AnswerFormat::jsonl;
    return json ? AnswerFormat::json : AnswerFormat::text;
  }
};

void declare(CLI::App& app, AskOptions& options);

}  // namespace rellama::commands
