#include "commands/ask_options.hpp"

#include <map>

#include "commands/parser.hpp"

namespace rellama::commands {
namespace {

const std::map<std::string, DryRun> kDryRuns{{"curl", DryRun::curl}, {"json", DryRun::json}};

void declare_prompt(CLI::App& app, AskOptions& options) {
  constexpr const char* kGroup = "Prompt";
  app.add_option("-f,--file", options.prompt.files, "file to put before the words; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(kGroup);
  app.add_flag("--no-stdin", options.no_stdin, "leave standard input alone")->group(kGroup);
}

void declare_safety(CLI::App& app, AskOptions& options) {
  constexpr const char* kGroup = "Safety";
  app.add_flag("--dry-run{curl}", options.dry_run,
               "print the request instead of sending it, as curl or (=json) JSON")
      ->transform(one_of(kDryRuns))
      ->group(kGroup);
  app.add_option("--timeout", options.timeout, "time for the whole run: 30, 45s, 1m30s [none]")
      ->type_name("DUR")
      ->group(kGroup);
  app.add_option("--cancel-after", options.cancel_after,
                 "let the server end the run by itself, 5s to 24h [--timeout, at Replicate]")
      ->type_name("DUR")
      ->group(kGroup);
  CLI::Option* demo = app.add_flag("--demo", options.demo,
                                   "canned answer from the built-in emulator; needs no account");
  demo->group(kGroup);
  app.add_flag("--detach", options.detach, "print the id and leave the prediction running")
      ->excludes(demo)
      ->group(kGroup);
}

}  // namespace

void declare(CLI::App& app, AskOptions& options) {
  declare(app, options.model);
  declare_prompt(app, options);
  CLI::Option* no_stream =
      app.add_flag("--no-stream", options.no_stream, "wait and poll instead of streaming");
  no_stream->group("Output");
  declare(app, options.output);
  declare_safety(app, options);
  app.get_option("--detach")->excludes(no_stream);
  for (const char* printing : {"--detach", "--dry-run"}) {
    app.get_option("--output")->excludes(app.get_option(printing));
  }
  declare(app, options.connection);
}

}  // namespace rellama::commands
