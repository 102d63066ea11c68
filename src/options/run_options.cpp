#include "options/run_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "options/word_option.hpp"
#include "rellama/error.hpp"
#include "run/dry_run.hpp"
#include "run/model_cache.hpp"
#include "settings/duration.hpp"

namespace rellama::program {
namespace {

const std::map<std::string, DryRun> kDryRuns{{"curl", DryRun::curl}, {"json", DryRun::json}};

}  // namespace

void declare_prompt(CLI::App& app, RunOptions& options) {
  constexpr const char* kGroup = "Prompt";
  app.add_option("-f,--file", options.question.sources.files,
                 "file to put before the words; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(kGroup);
  app.add_flag("--no-stdin", options.question.sources.no_stdin, "leave standard input alone")
      ->group(kGroup);
  app.add_flag("-e,--editor", options.question.editor,
               "write the prompt in $VISUAL or $EDITOR; the words are its begin")
      ->group(kGroup);
  declare(app, options.question.prompt_template);
}

void declare_run(CLI::App& app, RunOptions& options) {
  app.add_flag("--no-stream", options.no_stream, "wait and poll instead of streaming")
      ->group("Output");
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
  app.add_flag("--demo", options.demo, "canned answer from the built-in emulator; needs no account")
      ->group(kGroup);
}

GenerateRequest make_request(const RunOptions& options, const Context& context,
                             const StopToken& stop) {
  GenerateRequest request = make_request(options.model, context);
  if (!options.demo) {
    request.models =
        std::make_shared<ModelCache>(context, client_options(options.connection, context).base_url);
  }
  request.delivery = options.no_stream ? Delivery::poll : Delivery::stream;
  request.prompt = read_question(options.question, context, stop);
  return request;
}

// Only Replicate is known to understand it.
std::chrono::seconds cancel_after(const RunOptions& options, const std::string& patience,
                                  const Context& context) {
  using std::chrono::seconds;
  constexpr seconds kShortest{5};
  constexpr seconds kLongest = std::chrono::hours{24};
  if (!options.cancel_after.empty()) {
    const auto after = std::chrono::ceil<seconds>(settings::parse_duration(options.cancel_after));
    if (after >= kShortest && after <= kLongest) return after;
    throw Error(ErrorKind::invalid_input,
                {.failed = "--cancel-after " + options.cancel_after + " cannot be used",
                 .why = "Replicate takes 5s to 24h"});
  }
  if (patience.empty() || options.demo) return seconds{0};
  if (!is_replicate(client_options(options.connection, context).base_url)) return seconds{0};
  const auto longest = std::chrono::ceil<seconds>(settings::parse_duration(patience));
  return std::clamp(longest, kShortest, kLongest);
}

ApiToken token_for(const RunOptions& options, const Context& context) {
  return options.demo ? ApiToken("demo") : require_token(options.connection, context);
}

std::string render_dry_run(const RunOptions& options, const GenerateRequest& request,
                           const Context& context) {
  const ClientOptions client = client_options(options.connection, context);
  const PreparedRequest prepared = prepare_generate(client, request);
  return options.dry_run == DryRun::json ? render_request_json(prepared)
                                         : render_curl(prepared, client);
}

}  // namespace rellama::program
