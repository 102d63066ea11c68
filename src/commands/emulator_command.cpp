#include "commands/emulator_command.hpp"

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stop_token>

#include "emulator/emulator.hpp"
#include "options/parser.hpp"
#include "options/value_checks.hpp"
#include "options/word_option.hpp"
#include "rellama/error.hpp"
#include "run/signal_watcher.hpp"
#include "settings/duration.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

const std::map<std::string, emulator::DialectName> kDialects{
    {"cog", emulator::DialectName::cog}, {"replicate", emulator::DialectName::replicate}};

struct EmulatorArguments {
  emulator::DialectName dialect = emulator::DialectName::replicate;
  std::string model;
  bool no_sse = false;
  int port = 0;
  std::string latency;
  std::string cold_boot;
  double token_rate = 0;
  std::int64_t context_window = 0;
  std::vector<std::string> faults;
  int creates_a_minute = 0;
  std::string refusal;
  std::string replay;
  bool verbose = false;
};

void declare(CLI::App& app, EmulatorArguments& arguments) {
  app.add_option("--dialect", arguments.dialect,
                 "API to serve: replicate, or cog for a container with one model")
      ->type_name("NAME")
      ->default_str("replicate")
      ->transform(one_of(kDialects));
  app.add_option("--model", arguments.model, "model in the container, as owner/name")
      ->type_name("REF")
      ->default_str("meta/llama-2-7b-chat");
  app.add_flag("--no-sse", arguments.no_sse, "serve a container that has no event streams");
  app.add_option("--port", arguments.port, "port on 127.0.0.1")
      ->type_name("N")
      ->transform(whole_number(0, 65535))
      ->default_str("any free port");
  app.add_option("--latency", arguments.latency, "delay before each reply, such as 80ms")
      ->type_name("DUR")
      ->check(duration());
  app.add_option("--cold-boot", arguments.cold_boot, "how long a prediction stays 'starting'")
      ->type_name("DUR")
      ->check(duration());
  app.add_option("--token-rate", arguments.token_rate, "tokens per second")
      ->type_name("NUM")
      ->transform(amount())
      ->default_str("as fast as possible");
  app.add_option("--context-window", arguments.context_window,
                 "size of the context window in tokens")
      ->type_name("N")
      ->transform(whole_number(0))
      ->default_str("the model's own");
  app.add_option("--fault", arguments.faults,
                 "scripted failure PLACE:WHAT[@N][*TIMES] (see above; repeatable)")
      ->type_name("FAULT")
      ->allow_extra_args(false);
  CLI::Option* limit = app.add_option("--creates-per-minute", arguments.creates_a_minute,
                                      "refuse to start more predictions than this");
  limit->type_name("N")->transform(whole_number(1, 1'000'000))->default_str("no limit");
  app.add_option("--refusal", arguments.refusal,
                 "how they are refused: 429, 429-date, 429-words, 429-bare or 429-html")
      ->type_name("WHAT")
      ->default_str("429")
      ->needs(limit);
  CLI::Option* replay =
      app.add_option("--replay", arguments.replay,
                     "serve what a run with --record FILE sent and received, instead of canned "
                     "answers")
          ->type_name("FILE");
  for (const char* name : {"--dialect", "--model", "--no-sse", "--cold-boot", "--token-rate",
                           "--context-window", "--fault", "--creates-per-minute"}) {
    replay->excludes(app.get_option(name));
  }
  app.add_flag("-v,--verbose", arguments.verbose, "log each request to stderr");
  app.footer(
      "Examples:\n"
      "  rellama emulator --port 8091 &\n"
      "  export REPLICATE_BASE_URL=http://127.0.0.1:8091\n"
      "  export REPLICATE_API_TOKEN=r8_anything\n"
      "  rellama \"Why is the sky blue?\"\n"
      "\n"
      "  rellama --record sky.jsonl \"Why is the sky blue?\"\n"
      "  rellama emulator --port 8091 --replay sky.jsonl &\n"
      "\n"
      "A fault occurs every time, or *TIMES. Several faults at one place occur one after another:\n"
      "  create|get|cancel|list|model|account|upload|stream|file: 400 to 599,\n"
      "    429@N (try again in N seconds), 429-date@N (says when), 429-words@N (says it in\n"
      "    the text), 429-bare, 429-html, reset, html, empty-500, text-503, truncated, ok\n"
      "  create:lost  get:processing  model:no-stream\n"
      "  stream: cut@N, end@N, stall@N, error@N, plain-error@N, 408, no-ids, replay,\n"
      "    crlf, bytes, redirect\n"
      "  file: cut@N (bytes), no-ranges, wrong-length, compressed, redirect\n"
      "  predict: failed@N, canceled@N, aborted          (N counts tokens)\n"
      "  setup: failed (containers only)\n");
}

emulator::EmulatorOptions emulator_options(const EmulatorArguments& arguments,
                                           const Context& context) {
  const bool is_cog = arguments.dialect == emulator::DialectName::cog;
  if (!is_cog && (!arguments.model.empty() || arguments.no_sse)) {
    throw Error(ErrorKind::invalid_input, {.failed = "--model and --no-sse need --dialect cog",
                                           .remedy = "add --dialect cog"});
  }
  emulator::EmulatorOptions options;
  options.dialect = arguments.dialect;
  if (!arguments.model.empty()) options.container_model = arguments.model;
  options.event_streams = !arguments.no_sse;
  options.port = arguments.port;
  if (!arguments.latency.empty()) options.latency = settings::parse_duration(arguments.latency);
  if (!arguments.cold_boot.empty()) {
    options.cold_boot = settings::parse_duration(arguments.cold_boot);
  }
  options.token_rate = arguments.token_rate;
  options.context_window = arguments.context_window;
  options.faults = arguments.faults;
  options.creates_a_minute = arguments.creates_a_minute;
  if (!arguments.refusal.empty()) options.refusal = arguments.refusal;
  options.replay = arguments.replay;
  if (arguments.verbose) {
    options.access_log = [&err = context.streams.err](std::string_view line) {
      err.print("rellama: " + terminal::one_line(line) + "\n");
    };
  }
  return options;
}

std::string describe(const EmulatorArguments& arguments) {
  if (!arguments.replay.empty()) return "replaying " + terminal::one_line(arguments.replay);
  const bool is_cog = arguments.dialect == emulator::DialectName::cog;
  return std::string("emulating the ") + (is_cog ? "Cog" : "Replicate") + " API";
}

// Blocks until a signal arrives.
ErrorKind wait_for_stop(const StopToken& stop) {
  std::mutex mutex;
  std::condition_variable_any ended;
  std::unique_lock lock(mutex);
  ended.wait(lock, stop.std_token(), [] { return false; });
  return stop.reason().value_or(ErrorKind::interrupted);
}

}  // namespace

int run_emulator(const Arguments& arguments, const Context& context) {
  EmulatorArguments parsed;
  CLI::App app("Emulate Replicate's API on this machine, with canned answers, at no cost.");
  prepare(app, "rellama emulator");
  declare(app, parsed);
  if (!parse(app, arguments, context)) return 0;

  const StopSource stop;
  const SignalWatcher watcher(stop, context.streams);
  emulator::Emulator emulator(emulator_options(parsed, context));
  emulator.start();
  context.streams.out.print(describe(parsed) + " at " + emulator.base_url() + "\n");
  const ErrorKind reason = wait_for_stop(stop.token());
  emulator.stop();
  return traits(reason).exit_code;
}

}  // namespace rellama::program
