#include "commands/chat/chat_options.hpp"

#include <CLI/CLI.hpp>

#include "options/run_options.hpp"
#include "options/value_checks.hpp"

namespace rellama::program {

void declare(CLI::App& app, ChatOptions& options) {
  declare(app, options.model);
  declare_files(app, options.prompt.sources);
  declare(app, options.prompt.prompt_template);
  app.add_flag("--no-stream", options.no_stream, "wait and poll instead of streaming")
      ->group("Output");
  declare(app, options.history);
  declare_text(app, options.output);
  app.add_option("--timeout", options.timeout, "time limit for each answer: 30, 45s, 1m30s")
      ->type_name("DUR")
      ->check(duration())
      ->default_str("none")
      ->group("Safety");
  constexpr std::size_t kMostPredictions = 1'000'000;
  app.add_option("--max-predictions", options.max_predictions,
                 "ask before starting more predictions than this; a script stops there")
      ->type_name("N")
      ->transform(whole_number(1, kMostPredictions))
      ->capture_default_str()
      ->group("Safety");
  app.add_flag("--demo", options.demo,
               "get canned answers from the built-in emulator; needs no account")
      ->group("Safety");
  declare(app, options.connection);
}

}  // namespace rellama::program
