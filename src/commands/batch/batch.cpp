// `rellama batch`: puts the rows of an input into a journal, runs them with `generate_many`, and
// writes a result for each.

#include "commands/batch/batch.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "batch/batch_run.hpp"
#include "batch/day_ledger.hpp"
#include "batch/status_file.hpp"
#include "commands/batch/batch_job.hpp"
#include "commands/batch/batch_log.hpp"
#include "commands/batch/batch_options.hpp"
#include "commands/batch/batch_report.hpp"
#include "commands/batch/manage.hpp"
#include "options/history_options.hpp"
#include "options/parser.hpp"
#include "rellama/error.hpp"
#include "run/backend.hpp"
#include "run/deadline.hpp"
#include "run/demo.hpp"
#include "run/log.hpp"
#include "run/report.hpp"
#include "run/request.hpp"
#include "run/signal_watcher.hpp"
#include "terminal/style.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

// `600/min`: the time between two.
batch::Clock::duration parse_rate(const std::string& text) {
  const auto slash = text.find('/');
  const std::string unit = slash == std::string::npos ? std::string() : text.substr(slash + 1);
  double seconds = 0;
  if (unit == "s") seconds = 1;
  if (unit == "min") seconds = 60;
  if (unit == "h") seconds = 3600;
  double number = 0;
  const char* const end = text.data() + (slash == std::string::npos ? 0 : slash);
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (seconds > 0 && error == std::errc{} && rest == end && number > 0) {
    return std::chrono::duration_cast<batch::Clock::duration>(
        std::chrono::duration<double>(seconds / number));
  }
  throw Error(ErrorKind::invalid_input, {.failed = "\"" + text + "\" is not a rate",
                                         .remedy = "write it like 600/min, 5/s or 1000/h"});
}

batch::RunSettings run_settings(const BatchOptions& options, const BatchJob& job) {
  batch::RunSettings settings{.in_flight = options.jobs,
                              .ordered = options.ordered || options.text,
                              .max_failures = options.max_failures,
                              .form = job.form(),
                              .price = job.price()};
  if (!options.rate.empty()) settings.interval = parse_rate(options.rate);
  if (options.fail_fast) settings.max_failures = 0;
  return settings;
}

batch::BatchProgress::Way progress_way(const OutputOptions& options, const Context& context) {
  using Way = batch::BatchProgress::Way;
  if (options.quiet) return Way::none;
  const bool redraws =
      options.verbosity == 0 && terminal::can_redraw(context.streams.err, context.environment);
  return redraws ? Way::line : Way::log;
}

std::unique_ptr<batch::DayLedger> open_ledger(const BatchOptions& options, const BatchJob& job,
                                              const Context& context) {
  if (!options.max_predictions_per_day && !options.max_cost_per_day) return nullptr;
  const auto directory = batch_directory(context);
  if (!directory) {
    throw Error(ErrorKind::invalid_input, {.failed = "cannot count what was sent today",
                                           .why = "there is no home directory"});
  }
  std::optional<std::int64_t> most;
  if (options.max_predictions_per_day) {
    most = static_cast<std::int64_t>(*options.max_predictions_per_day);
  }
  return std::make_unique<batch::DayLedger>(*directory / kDaysFile, job.paths().journal.string(),
                                            most);
}

// Why nothing more was sent, although nothing failed that all rows share.
void tell_limit(batch::BatchRun::Limit limit, const BatchOptions& options, const Context& context) {
  std::string why = "no more predictions may be started today (--max-predictions-per-day)";
  if (limit == batch::BatchRun::Limit::failures) {
    why = options.fail_fast ? "a row has failed (--fail-fast)"
                            : "too many rows have failed (--max-failures)";
  }
  tell(context, "rellama: nothing more was sent: " + why + "\n");
}

int conclude(const BatchOptions& options, const batch::BatchRun& run, const batch::Totals& totals,
             const StopToken& drain, const Context& context) {
  const bool color =
      terminal::use_color(options.output.color, context.streams.err, context.environment);
  const std::int64_t left = totals.rows - totals.answered - totals.failed;
  const auto& counts = run.counts();
  const bool agrees = static_cast<std::int64_t>(counts.answered) == totals.answered &&
                      static_cast<std::int64_t>(counts.failed) == totals.failed;
  if (!run.failure() && !agrees) {
    throw Error(ErrorKind::internal, {.failed = "the journal and the run do not agree",
                                      .why = "a row was counted twice, or not at all",
                                      .remedy = "please report it"});
  }
  if (totals.unclear > 0) {
    tell(context, "rellama: " + std::to_string(totals.unclear) +
                      " of the unsent rows may have been sent; --resume looks for what they have "
                      "started\n");
  }
  if (run.reached_limit() && left > 0 && !options.output.quiet) {
    tell_limit(*run.reached_limit(), options, context);
  }
  if (left + totals.unwritten > 0 && !options.output.quiet) {
    tell(context, "rellama: continue with the same command and --resume\n");
  }
  const int failure = run.failure() ? report(*run.failure(), context, color) : 0;
  if (totals.unclear > 0 && drain.reason()) return traits(ErrorKind::may_have_started).exit_code;
  if (failure != 0) return failure;
  if (left > 0 && drain.reason()) return traits(*drain.reason()).exit_code;
  return left + totals.failed + totals.unwritten > 0 ? kSomeRowsMissing : 0;
}

// The way to the server. A prediction of another row is not what a lost create has started.
ClientOptions batch_client(ClientOptions client, BatchJob& job, batch::BatchProgress& progress,
                           const BatchOptions& options, const Context& context) {
  client.waits_for_throttling = true;
  client.is_known = [&job, in_history = std::move(client.is_known)](const PredictionId& id) {
    try {
      if (job.journal().knows(id.value)) return true;
    } catch (const Error&) {  // it will be noticed when it is written
    }
    return in_history && in_history(id);
  };
  OutputOptions logged = options.output;
  client.log =
      make_log(logged, context, [&progress](std::string_view lines) { progress.print(lines); });
  return client;
}

int run_rows(const BatchOptions& options, BatchJob& job, const HostedAccess& access,
             const StopToken& drain, const StopToken& cancel, const Context& context) {
  const auto ledger = open_ledger(options, job, context);
  batch::BatchProgress progress(context.streams.err, progress_way(options.output, context));
  ReplicateBackend backend(batch_client(access.client, job, progress, options, context),
                           access.token);
  try {
    check_limits(job.plan(), job.journal().totals(), options, ledger.get());
    backend.authenticate();
  } catch (...) {
    job.abandon();
    if (ledger) ledger->release();
    throw;
  }
  if (access.demo && !options.output.quiet) tell_demo(context);
  if (!options.output.quiet) {
    tell(context, render_plan(job.plan(), job.journal().totals(), options));
  }
  job.open_output();
  const auto log = options.history ? open_batch_log(options, job.journal(), context) : nullptr;
  batch::StatusFile status(
      job.paths().journal,
      {.input = job.journal().find_note("input").value_or(""),
       .output = job.paths().output.string(),
       .started_at = std::atoll(job.journal().find_note("started_at").value_or("0").c_str())});
  batch::BatchRun run({.rows = job.rows(),
                       .output = job.output(),
                       .progress = progress,
                       .day = ledger.get(),
                       .log = log.get(),
                       .status = &status},
                      run_settings(options, job), drain);
  const std::stop_callback wake(drain.std_token(), [&backend] { backend.client().wake(); });
  generate_many(backend.client(), run, run, options.jobs, cancel);
  run.finish();
  const batch::Totals totals = job.journal().totals();
  if (ledger && totals.running + totals.unclear == 0) ledger->release();
  if (!options.output.quiet) {
    tell(context,
         render_summary(totals, job.price(), progress.elapsed(std::chrono::steady_clock::now())));
  }
  job.close();
  return conclude(options, run, totals, drain, context);
}

int dry_run(const BatchOptions& options, const StopToken& stop, const Context& context) {
  const auto [plan, first] = BatchJob::dry_run(options, context, stop);
  if (first) {
    const auto request = prepare_generate(client_options(options.connection, context), *first);
    context.streams.out.print(render_dry_run(options, request, context));
  }
  for (const std::string& unusable : plan.first_unusable) {
    tell(context, "rellama: " + terminal::one_line(unusable) + "\n");
  }
  if (!options.output.quiet) {
    tell(context, render_plan(plan, {.rows = static_cast<std::int64_t>(plan.rows)}, options));
  }
  return plan.unusable > 0 ? traits(ErrorKind::invalid_input).exit_code : 0;
}

}  // namespace

int run_batch(const Arguments& arguments, const Context& outer) {
  BatchOptions options;
  CLI::App app("Run many prompts: one result for each row of a file, nothing lost, nothing twice.");
  prepare(app, "rellama batch");
  declare(app, options);
  if (!parse(app, arguments, outer)) return 0;
  for (const char* name : {"list", "status", "delete", "merge"}) {
    if (app.got_subcommand(name)) return manage_batches(name, options, outer);
  }
  refuse_container("batch", "a run of a container cannot be found again after a crash",
                   options.connection, outer);
  if (options.retry_failed) options.resume = true;
  if (!options.rate.empty()) (void)parse_rate(options.rate);

  const StopSource drain = stop_after(options.timeout);
  const StopSource cancel = stop_after(options.timeout);
  SignalWatcher watcher(drain, outer.streams, LostReader::stops_run);
  watcher.direct_to(drain, cancel);
  const Context context = stopped_by(outer, drain.token());
  if (options.dry_run != DryRun::off) return dry_run(options, drain.token(), context);
  const HostedAccess access = open_hosted(options.connection, options.demo, context);
  const auto find_secrets = [&](const GenerateRequest& request) {
    if (request.parameters.others.empty()) return std::vector<std::string>();
    return ReplicateBackend(access.client, access.token).find_secrets(request, drain.token());
  };
  BatchJob job(options, find_secrets, context, drain.token());
  return run_rows(options, job, access, drain.token(), cancel.token(), context);
}

}  // namespace rellama::program
