// `rellama predictions`: works with predictions started earlier, with `--detach`, by another
// program, or by a run that was cut short.

#include "commands/predictions/predictions.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include "commands/predictions/prediction_text.hpp"
#include "options/connection.hpp"
#include "options/parser.hpp"
#include "options/value_checks.hpp"
#include "rellama/error.hpp"
#include "run/answer.hpp"
#include "run/backend.hpp"
#include "run/deadline.hpp"
#include "run/log.hpp"
#include "run/saved_answer.hpp"
#include "run/signal_watcher.hpp"
#include "terminal/json_printer.hpp"
#include "terminal/table.hpp"

namespace rellama::program {
namespace {

struct PredictionsOptions {
  std::string id;
  std::vector<std::string> ids;
  int limit = 20;
  std::string timeout;
  OutputOptions output;
  ConnectionOptions connection;
};

// Everything a subcommand needs.
struct Job {
  const PredictionsOptions& options;
  LogRelay& log;
  ReplicateBackend& backend;
  const Context& context;
  const StopToken& stop;

  [[nodiscard]] Client& client() const { return backend.client(); }
};

PredictionId parse_id(const std::string& text) {
  const bool usable = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
  if (usable) return {text};
  throw Error(ErrorKind::invalid_input, {.failed = "'" + text + "' is not a prediction ID",
                                         .remedy = "list them with: rellama predictions list"});
}

terminal::Prompt printed_prompt(const Prediction& prediction) {
  return {.model = prediction.model, .prompt = prompt_of(prediction)};
}

int list(const Job& job) {
  Client& client = job.client();
  const auto limit = static_cast<std::size_t>(job.options.limit);
  std::vector<Prediction> predictions;
  ListOptions page_options;
  do {
    PredictionPage page = client.list(page_options, job.stop);
    std::move(page.results.begin(), page.results.end(), std::back_inserter(predictions));
    page_options.cursor = std::move(page.next);
  } while (predictions.size() < limit && !page_options.cursor.empty());
  if (predictions.size() > limit) predictions.resize(limit);
  job.context.streams.out.print(
      job.options.output.json
          ? render_json_array(predictions)
          : render_table(predictions, terminal::table_width(job.context.streams.out)),
      terminal::json_if(job.options.output.json));
  return 0;
}

int print_or_save(const Job& job, const Prediction& prediction, const Follow& follow) {
  Recording nothing(false, Recording::Warnings::hidden, job.context);
  const Follow record = [&](EventSink& sink) {
    Prediction ended = follow(sink);
    complete_recorded(ended, job.context);
    return ended;
  };
  return follow_and_show({job.options.output, job.backend, job.log, nothing, job.context},
                         printed_prompt(prediction), record, job.stop);
}

// Saves the output of a finished prediction with -O.
int save(const Job& job) {
  const PredictionId id = parse_id(job.options.id);
  const Prediction prediction = job.client().get(id, job.stop);
  if (!is_terminal(prediction.status)) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "cannot save the answer yet",
                 .why = "the prediction is " + std::string(render_status(prediction.status)),
                 .remedy = "wait for it with: rellama predictions wait " + id.value + " -O …",
                 .prediction_id = id.value});
  }
  return print_or_save(job, prediction, [&](EventSink& sink) {
    return job.client().follow(prediction, Delivery::poll, sink, job.stop);
  });
}

int show(const Job& job) {
  if (job.options.output.saves) return save(job);
  const PredictionId id = parse_id(job.options.id);
  const Prediction prediction = job.client().get(id, job.stop);
  complete_recorded(prediction, job.context);
  if (job.options.output.json) {
    terminal::JsonPrinter(job.context.streams.out, printed_prompt(prediction)).done(prediction);
  } else {
    job.context.streams.out.print(
        render_facts(prediction, terminal::table_width(job.context.streams.out)));
  }
  return 0;
}

// Stopping early leaves the prediction running: someone else may be waiting for it.
Error still_running(const Error& error, const std::string& id) {
  ErrorParts parts = error.parts();
  parts.prediction_id = id;
  parts.remedy = "it is still running; to cancel it: rellama predictions cancel " + id;
  return {error.kind(), std::move(parts)};
}

int follow(const Job& job, Delivery delivery) {
  const PredictionId id = parse_id(job.options.id);
  const auto leave_running = [&](const auto& work) {
    try {
      return work();
    } catch (const Error& error) {
      if (!job.stop.reason()) throw;
      throw still_running(error, id.value);
    }
  };
  const Prediction prediction = leave_running([&] { return job.client().get(id, job.stop); });
  return print_or_save(job, prediction, [&](EventSink& sink) {
    return leave_running([&] {
      sink.created(prediction);
      return job.client().follow(prediction, delivery, sink, job.stop);
    });
  });
}

int cancel(const Job& job) {
  std::vector<PredictionId> ids;
  for (const std::string& text : job.options.ids) ids.push_back(parse_id(text));
  Client& client = job.client();
  for (const PredictionId& id : ids) {
    Prediction prediction;
    prediction.id = id;
    prediction = client.cancel(prediction, job.stop);
    complete_recorded(prediction, job.context);
    job.context.streams.out.print(render_line(prediction));
  }
  return 0;
}

struct Subcommand {
  const char* name;
  const char* help;
  int (*run)(const Job&);
};

int stream(const Job& job) {
  return follow(job, Delivery::stream);
}

int wait(const Job& job) {
  return follow(job, Delivery::poll);
}

constexpr Subcommand kList{"list", "list the account's latest predictions", list};
constexpr Subcommand kShow{"show", "show a prediction, or save its output with -O", show};
constexpr Subcommand kStream{"stream", "stream a prediction's output from the beginning", stream};
constexpr Subcommand kWait{"wait", "poll until a prediction ends and print its output", wait};
constexpr Subcommand kCancel{"cancel", "cancel predictions, which stops billing", cancel};

CLI::App* add(CLI::App& app, const Subcommand& subcommand, PredictionsOptions& options) {
  CLI::App* added = app.add_subcommand(subcommand.name, subcommand.help);
  declare(*added, options.connection);
  return added;
}

void declare(CLI::App& app, PredictionsOptions& options) {
  CLI::App* listing = add(app, kList, options);
  listing->add_option("-L,-n,--limit", options.limit, "maximum number of predictions")
      ->type_name("N")
      ->transform(whole_number(1, 10'000))
      ->capture_default_str();
  CLI::App* showing = add(app, kShow, options);
  showing->add_option("ID", options.id)->required();
  for (CLI::App* facts : {listing, showing}) {
    facts->add_flag("--json", options.output.json, "print JSON");
    declare_log(*facts, options.output);
  }
  declare_saving(*showing, options.output);
  for (const Subcommand& subcommand : {kStream, kWait}) {
    CLI::App* answer = add(app, subcommand, options);
    answer->add_option("ID", options.id)->required();
    answer->add_option("--timeout", options.timeout, "time limit for waiting: 30, 45s, 1m30s")
        ->type_name("DUR")
        ->check(duration())
        ->default_str("none");
    declare(*answer, options.output);
  }
  CLI::App* canceling = add(app, kCancel, options);
  canceling->add_option("ID", options.ids)->required();
  declare_log(*canceling, options.output);
}

}  // namespace

int run_predictions(const Arguments& arguments, const Context& outer) {
  PredictionsOptions options;
  CLI::App app("List, show, follow or cancel predictions started earlier.");
  prepare(app, "rellama predictions");
  app.require_subcommand(1);
  declare(app, options);
  if (!parse(app, arguments, outer)) return 0;

  check_saving(options.output);
  const StopSource stop = stop_after(options.timeout);
  const Context context = stopped_by(outer, stop.token());
  const bool needs_reader = !options.output.saves && !app.got_subcommand(kCancel.name);
  const SignalWatcher watcher(stop, context.streams,
                              needs_reader ? LostReader::stops_run : LostReader::changes_nothing);
  const StopToken token = stop.token();
  LogRelay log;
  const LogRelay::Scope logging(log, make_log(options.output, context));
  HostedAccess access = open_hosted(options.connection, /*demo=*/false, context);
  access.client.log = log.function();
  ReplicateBackend backend(std::move(access.client), std::move(access.token));
  for (const Subcommand& subcommand : {kList, kShow, kStream, kWait, kCancel}) {
    if (app.got_subcommand(subcommand.name)) {
      return subcommand.run({options, log, backend, context, token});
    }
  }
  return 0;
}

}  // namespace rellama::program
