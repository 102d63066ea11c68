#include "options/run_options.hpp"

#include <CLI/CLI.hpp>
#include <map>

#include "options/value_checks.hpp"
#include "options/word_option.hpp"

namespace rellama::program {
namespace {

constexpr const char* kPromptGroup = "Prompt";

const std::map<std::string, DryRun> kDryRuns{{"curl", DryRun::curl}, {"json", DryRun::json}};

}  // namespace

void declare_files(CLI::App& app, PromptSources& sources) {
  app.add_option("-f,--file", sources.files, "add a file before the words; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(kPromptGroup);
}

void declare_prompt(CLI::App& app, RunOptions& options) {
  declare_files(app, options.prompt.sources);
  app.add_flag("--no-stdin", options.prompt.sources.no_stdin, "do not read standard input")
      ->group(kPromptGroup);
  app.add_flag("-e,--editor", options.prompt.editor,
               "write the prompt in $VISUAL or $EDITOR, starting with the words given")
      ->group(kPromptGroup);
  declare(app, options.prompt.prompt_template);
}

void declare_run(CLI::App& app, RunOptions& options) {
  app.add_flag("--no-stream", options.no_stream, "wait and poll instead of streaming")
      ->group("Output");
  constexpr const char* kGroup = "Safety";
  app.add_flag("--dry-run{curl}", options.dry_run,
               "print the request as a curl command, or with =json as JSON, instead of sending it")
      ->transform(one_of(kDryRuns))
      ->group(kGroup);
  app.add_option("--timeout", options.timeout, "time limit for the whole run: 30, 45s, 1m30s")
      ->type_name("DUR")
      ->check(duration())
      ->default_str("none")
      ->group(kGroup);
  app.add_option("--cancel-after", options.cancel_after,
                 "have the server cancel the run after 5s to 24h")
      ->type_name("DUR")
      ->check(duration())
      ->default_str("--timeout, on Replicate")
      ->group(kGroup);
  app.add_flag("--demo", options.demo,
               "get a canned answer from the built-in emulator; needs no account")
      ->group(kGroup);
}

}  // namespace rellama::program
