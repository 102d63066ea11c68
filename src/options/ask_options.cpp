#include "options/ask_options.hpp"

#include <CLI/CLI.hpp>

namespace rellama::program {

void declare(CLI::App& app, AskOptions& options) {
  declare(app, options.model);
  declare_prompt(app, options);
  declare(app, options.history);
  declare(app, options.output);
  declare_run(app, options);
  app.add_flag("--detach", options.detach, "print the prediction ID and leave it running")
      ->excludes(app.get_option("--demo"))
      ->excludes(app.get_option("--no-stream"))
      ->group("Safety");
  for (const char* printing : {"--detach", "--dry-run"}) {
    app.get_option("--output")->excludes(app.get_option(printing));
    app.get_option("--extract")->excludes(app.get_option(printing));
  }
  declare(app, options.connection);
}

void declare_again(CLI::App& app, AskOptions& options) {
  declare(app, options.model);
  declare_no_log(app, options.history);
  declare(app, options.output);
  declare_run(app, options);
  declare(app, options.connection);
}

}  // namespace rellama::program
