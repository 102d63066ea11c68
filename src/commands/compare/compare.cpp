// `rellama compare`: turns the command line into several requests, checks them all before sending
// the first, and shows their answers together.

#include "commands/compare/compare.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "commands/compare/compared_runs.hpp"
#include "commands/compare/comparison_printer.hpp"
#include "options/parser.hpp"
#include "options/run_options.hpp"
#include "options/sweep.hpp"
#include "options/value_checks.hpp"
#include "rellama/error.hpp"
#include "run/backend.hpp"
#include "run/deadline.hpp"
#include "run/demo.hpp"
#include "run/log.hpp"
#include "run/prompt_text.hpp"
#include "run/request.hpp"
#include "run/signal_watcher.hpp"
#include "terminal/style.hpp"
#include "terminal/visible_text.hpp"
#include "wire/counted.hpp"
#include "wire/json_document.hpp"

namespace rellama::program {
namespace {

constexpr std::size_t kUsualJobs = 8;

struct CompareOptions : RunOptions {
  std::vector<std::string> models{ModelOptions{}.model};
  std::vector<std::string> sweeps;  ///< the arguments of --sweep
  std::size_t max_predictions = 10;
  std::size_t jobs = kUsualJobs;
  OutputOptions output;
};

constexpr const char* kFooter =
    "Runs the prompt with every combination of models and sweep values. Duplicate requests are\n"
    "rejected. Answers appear side by side if the terminal is wide enough, otherwise one after\n"
    "another. A table below them shows the time and tokens of each run (~ marks values estimated\n"
    "by rellama because the server does not report them).\n"
    "\n"
    "Examples:\n"
    "  rellama compare -m 7b -m 13b -m 70b \"Why is the sky blue?\"\n"
    "  rellama compare --sweep temperature=0.1,0.5,1 --seed 1 \"Write a haiku.\"\n"
    "  rellama compare -m 7b --sweep 'system=\"Be brief, please.\",@tone.txt' -f q.txt\n"
    "  rellama compare -m 7b --sweep 'stop:=[\"\\n\",\".\"]' --json Hello | jq .results\n"
    "\n"
    "Exit codes: 0 if all runs succeeded; the code of the failure (see rellama --help) if all\n"
    "failed in the same way; 12 if only some failed, or in different ways; 2 if a request is\n"
    "invalid, in which case none is sent; 124, 129, 130, 141 or 143 if all were stopped.\n";

void declare_comparison(CLI::App& app, CompareOptions& options) {
  app.add_option("--sweep", options.sweeps,
                 "parameter or input and the values to compare; also NAME:=[JSON,...] and @FILE; "
                 "repeatable")
      ->type_name("NAME=V,V")
      ->allow_extra_args(false)
      ->group("Model");
}

void declare_limits(CLI::App& app, CompareOptions& options) {
  constexpr std::size_t kMostPredictions = 10000;
  constexpr std::size_t kMostJobs = 64;
  app.add_option("--max-predictions", options.max_predictions,
                 "refuse to start more predictions than this")
      ->type_name("N")
      ->transform(whole_number(1, kMostPredictions))
      ->capture_default_str()
      ->group("Safety");
  app.add_option("-j,--jobs", options.jobs, "how many to run in parallel")
      ->type_name("N")
      ->transform(whole_number(1, kMostJobs))
      ->capture_default_str()
      ->group("Safety");
}

void declare_output(CLI::App& app, OutputOptions& options) {
  CLI::Option* json = app.add_flag("--json", options.json, "print one JSON object at the end");
  json->group("Output");
  app.add_flag("--jsonl", options.jsonl, "print one JSON line per result, as it ends")
      ->excludes(json)
      ->group("Output");
  declare_color(app, options);
  declare_log(app, options);
}

void declare(CLI::App& app, CompareOptions& options) {
  declare_models(app, options.models);
  declare_comparison(app, options);
  declare_parameters(app, options.model);
  declare_prompt(app, options);
  declare_output(app, options.output);
  declare_run(app, options);
  declare_limits(app, options);
  declare(app, options.connection);
  app.footer(kFooter);
}

// A comparison that is ready to send.
struct Comparison {
  std::string prompt;
  std::vector<ComparedRun> runs;
  std::vector<GenerateRequest> requests;
};

std::vector<Variant> read_variants(const CompareOptions& options, const StopToken& stop) {
  std::vector<Sweep> sweeps;
  for (const std::string& sweep : options.sweeps) sweeps.push_back(parse_sweep(sweep, stop));
  const std::size_t count = count_variants(options.models, sweeps);
  if (count <= options.max_predictions) return combine(options.models, sweeps);
  const std::string number =
      count == SIZE_MAX ? "too many predictions" : wire::counted(count, "prediction");
  throw Error(ErrorKind::invalid_input,
              {.failed = "this would start " + number,
               .why = "--max-predictions allows " + std::to_string(options.max_predictions),
               .remedy = "compare fewer, or raise --max-predictions"});
}

GenerateRequest make_request(const GenerateRequest& base, const Variant& variant) {
  GenerateRequest request = base;
  request.model = base.catalogue.parse_model_ref(variant.model);
  Input& others = request.parameters.others;
  others.insert(others.end(), variant.inputs.begin(), variant.inputs.end());
  return request;
}

JsonText parameters_of(const PreparedRequest& prepared) {
  auto input = wire::find_json(prepared.body)["input"];
  input.erase("prompt");
  return {wire::render_json(input)};
}

// Two runs of the same request could not be told apart, or found again if an answer is lost.
void refuse_same(const std::string& label, const std::string& other) {
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + other + "' and '" + label + "' are the same request",
               .remedy = "leave one of them out; to see how answers vary by chance, use "
                         "--sweep seed=1,2,3"});
}

// Renders every request, so that nothing is sent if one of them is wrong.
Comparison make_comparison(const CompareOptions& options, const Context& context,
                           const StopToken& stop) {
  const std::vector<Variant> variants = read_variants(options, stop);
  const ClientOptions client = client_options(options.connection, context);
  GenerateRequest base = program::make_request(options, context, stop);
  base.cancel_after = cancel_after(options, options.timeout, context);

  Comparison comparison{.prompt = base.prompt, .runs = {}, .requests = {}};
  std::map<std::string, std::string> labels;  // by request
  for (const Variant& variant : variants) {
    const GenerateRequest& request = comparison.requests.emplace_back(make_request(base, variant));
    const PreparedRequest prepared = prepare_generate(client, request);
    const auto [same, is_new] = labels.emplace(prepared.url + prepared.body, variant.label);
    if (!is_new) refuse_same(variant.label, same->second);
    comparison.runs.push_back(
        {variant.label, render_model_ref(request.model), parameters_of(prepared)});
  }
  return comparison;
}

void print_requests(const CompareOptions& options, const Comparison& comparison,
                    const Context& context) {
  const ClientOptions client = client_options(options.connection, context);
  for (std::size_t i = 0; i < comparison.requests.size(); ++i) {
    std::string text = render_dry_run(
        options, prepare_generate(client, comparison.requests[i], HiddenInputs::possible_secrets),
        context);
    if (options.dry_run == DryRun::curl) {
      text = "# " + terminal::one_line(comparison.runs[i].label) + "\n" + text;
    }
    context.streams.out.print(text, terminal::TextForm::json);
  }
}

// Reports failures on stderr and returns the exit code.
int conclude(const std::vector<RunResult>& results, const StopToken& stop,
             const OutputOptions& options, const Context& context) {
  const auto reason = stop.reason();
  std::size_t failed = 0;
  for (const RunResult& result : results) {
    if (!result.error) continue;
    ++failed;
    // That a run may have been started is more important than why the rest ended.
    if (reason && result.error->kind() == ErrorKind::may_have_started) throw Error(*result.error);
  }
  const bool was_stopped = std::any_of(results.begin(), results.end(), [&](const auto& result) {
    return reason && result.error && result.error->kind() == *reason;
  });
  if (was_stopped) stop.throw_if_stopped();
  if (failed > 0) {
    const bool color = terminal::use_color(options.color, context.streams.err, context.environment);
    const std::string message =
        std::to_string(failed) + " of " + wire::counted(results.size(), "run") + " failed";
    tell(context, terminal::render_error_line(message, color));
  }
  return comparison_exit_code(results);
}

// Fetches the schemas of models that are not in the catalogue, to check those requests as well.
void check_all(const Comparison& comparison, Backend& backend, const StopToken& stop) {
  for (const GenerateRequest& request : comparison.requests) backend.check(request, stop);
}

int compare(const CompareOptions& options, Comparison comparison, const StopToken& stop,
            const Context& context) {
  HostedAccess access = open_hosted(options.connection, options.demo, context);
  const auto printer =
      make_comparison_printer(options.output, comparison.runs, comparison.prompt, context);
  access.client.log = make_log(options.output, context, [&](std::string_view lines) {
    printer->make_room();
    tell(context, lines);
  });
  ReplicateBackend backend(access.client, access.token);
  backend.authenticate();
  if (access.demo && !options.output.quiet) tell_demo(context);
  check_all(comparison, backend, stop);
  ComparedRuns runs(std::move(comparison.requests), *printer);
  generate_many(backend.client(), runs, runs, options.jobs, stop);
  runs.finish(stop.reason());
  return conclude(runs.results(), stop, options.output, context);
}

int run_comparison(const CompareOptions& options, const Context& outer) {
  const StopSource stop = stop_after(options.timeout);
  const Context context = stopped_by(outer, stop.token());
  const SignalWatcher watcher(stop, context.streams, LostReader::stops_run);
  Comparison comparison = make_comparison(options, context, stop.token());
  if (options.dry_run != DryRun::off) {
    print_requests(options, comparison, context);
    return 0;
  }
  return compare(options, std::move(comparison), stop.token(), context);
}

}  // namespace

int run_compare(const Arguments& arguments, const Context& context) {
  CompareOptions options;
  CLI::App app("Run a prompt with several models or parameters and compare the answers.");
  prepare(app, "rellama compare");
  declare(app, options);
  if (!parse_with_words(app, arguments, options.prompt.sources.words, context)) return 0;
  options.model.model = options.models.front();
  if (options.prompt.empty(context.streams.in)) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "nothing to ask", .remedy = "see rellama compare --help"});
  }
  refuse_container("compare", "a container runs one model, and one prediction at a time",
                   options.connection, context);
  read_piped(options.model, options.prompt, options.timeout, context);
  if (options.prompt.editor) edit_prompt(options.prompt, options.timeout, context);
  try {
    return run_comparison(options, context);
  } catch (const Error& error) {
    save_draft(options.prompt, error, context);
    throw;
  }
}

}  // namespace rellama::program
