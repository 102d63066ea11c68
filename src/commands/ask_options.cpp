#include "commands/ask_options.hpp"

#include <map>

#include "commands/parser.hpp"

namespace rellama::commands {
namespace {

const std::map<std::string, DryRun> kDryRuns{{"curl", DryRun::curl}, {"json", DryRun::json}};

void declare_model(CLI::App& app, AskOptions& options) {
  constexpr const char* kGroup = "Model";
  GenerationParameters& parameters = options.parameters;
  app.add_option("-m,--model", options.model,
                 "short name such as 7b, 13b, 70b (rellama models list), owner/name, "
                 "owner/name:version, a version, or deployments/owner/name")
      ->type_name("REF")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("-s,--system", options.system, "system prompt [a long one about safety]")
      ->type_name("TEXT|@FILE")
      ->group(kGroup);
  app.add_option("--temperature,--temp", parameters.temperature,
                 "randomness, 0 to 5 (older builds: from 0.01) [0.5]")
      ->type_name("NUM")
      ->group(kGroup);
  app.add_option("--top-p", parameters.top_p, "share of likely tokens to sample from, 0 to 1 [1]")
      ->type_name("NUM")
      ->group(kGroup);
  app.add_option("--top-k", parameters.top_k,
                 "number of likely tokens to sample from, from -1 (older builds: from 0) [50]")
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--max-new-tokens,--max-tokens", parameters.max_new_tokens,
                 "longest answer in tokens, from 1 [500]")
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--min-new-tokens,--min-tokens", parameters.min_new_tokens,
                 "shortest answer in tokens, from -1 (off) [-1]")
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--seed", parameters.seed, "seed for a repeatable answer [random]")
      ->type_name("N")
      ->group(kGroup);
  app.add_option("--stop", parameters.stop_sequences, "text that ends the answer; repeatable")
      ->type_name("TEXT")
      ->allow_extra_args(false)
      ->group(kGroup);
  app.add_option("--prompt-template", parameters.prompt_template,
                 "template with {prompt} and {system_prompt} [the model's]")
      ->type_name("TEXT")
      ->group(kGroup);
  app.add_option("-o,--option", options.assignments,
                 "any other input of the model; KEY:=JSON and KEY=@FILE too; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->group(kGroup);
  app.add_flag("--no-validate", options.no_validate,
               "let the server alone decide which inputs are right")
      ->group(kGroup);
}

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
  declare_model(app, options);
  declare_prompt(app, options);
  CLI::Option* no_stream =
      app.add_flag("--no-stream", options.no_stream, "wait and poll instead of streaming");
  no_stream->group("Output");
  declare(app, options.output);
  declare_safety(app, options);
  app.get_option("--detach")->excludes(no_stream);
  declare(app, options.connection);
}

}  // namespace rellama::commands
