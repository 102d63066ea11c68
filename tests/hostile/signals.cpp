// Signals, in every phase of a run.

#include <signal.h>

#include "hostile/trial.hpp"

namespace rellama::test {
namespace {

/// A server at which a run stays in one phase.
struct Phase {
  const char* name;
  std::function<void(HostileApi&)> arrange;
  Asked last;  ///< what the program asks for as the phase begins
  int count = 1;
  int cancels = 1;
  int exit_code = 0;  ///< 0: that of the signal
  std::vector<std::string> arguments = {"-n", "Tell me a story."};
  bool stalls = false;  ///< the reader
};

struct Signals {
  const char* name;
  std::vector<int> numbers;
  int exit_code;
};

void never_answer(const HostileRequest& /*request*/, Wire& /*wire*/) {}

void begin_stream(const HostileRequest& /*request*/, Wire& wire) {
  wire.begin_stream();
}

void list_none(HostileApi& api) {
  api.on(Asked::list,
         [](const HostileRequest&, Wire& wire) { wire.respond(200, HostileApi::page("")); });
}

const std::vector<Phase>& phases() {
  static const std::vector<Phase> all{
      {"before the create is sent",
       [](HostileApi& api) { api.on(Asked::other, never_answer); },
       Asked::other,
       1,
       0,
       0,
       {"-n", "-m", "acme/model", "--temperature", "0.7", "Tell me a story."}},
      {"before its answer", [](HostileApi& api) { api.on(Asked::create, never_answer); },
       Asked::create},
      {"before its answer, not listed",
       [](HostileApi& api) {
         api.on(Asked::create, never_answer);
         list_none(api);
       },
       Asked::create, 1, 0, 13},
      {"while it is looked for",
       [](HostileApi& api) {
         api.on(Asked::create, [](const HostileRequest&, Wire& wire) { wire.reset(); });
         api.on(Asked::list, never_answer);
       },
       Asked::list, 1, 0, 13},
      {"while a throttled create waits",
       [](HostileApi& api) {
         api.on(Asked::create, [](const HostileRequest&, Wire& wire) {
           wire.respond(429, "application/json", "{\"detail\":\"Wait.\"}", {{"Retry-After", "40"}});
         });
       },
       Asked::create, 1, 0},
      {"while a machine boots", [](HostileApi& api) { api.on(Asked::stream, begin_stream); },
       Asked::stream},
      {"before the stream's head", [](HostileApi& api) { api.on(Asked::stream, never_answer); },
       Asked::stream},
      {"while text arrives",
       [](HostileApi& api) {
         api.on(Asked::stream, [](const HostileRequest&, Wire& wire) {
           wire.begin_stream();
           wire.send(piece_event("1:0", 0));
         });
       },
       Asked::stream},
      {"while it is polled",
       [](HostileApi& api) {
         api.on(Asked::get, [&api](const HostileRequest&, Wire& wire) {
           wire.respond(200, api.object("processing", "[]"));
         });
       },
       Asked::get,
       3,
       1,
       0,
       {"-n", "--no-stream", "Tell me a story."}},
      {"while it cannot be read",
       [](HostileApi& api) {
         api.on(Asked::stream, [](const HostileRequest&, Wire& wire) { wire.close(); });
         api.on(Asked::get, [](const HostileRequest&, Wire& wire) { wire.respond(503, "{}"); });
       },
       Asked::get, 2},
      {"while it is canceled",
       [](HostileApi& api) {
         api.on(Asked::stream, begin_stream);
         api.on(Asked::cancel, never_answer);
       },
       Asked::cancel,
       1,
       1,
       0,
       {"-n", "--timeout", "1", "Tell me a story."}},
      {"while the answer is printed to a reader that stands still",
       [](HostileApi&) {},
       Asked::stream,
       1,
       0,
       0,
       {"-n", "Tell me a story."},
       true},
      {"while JSON is printed to a reader that stands still",
       [](HostileApi&) {},
       Asked::get,
       1,
       0,
       0,
       {"-n", "--json", "Tell me a story."},
       true},
  };
  return all;
}

std::vector<int> storm(int last) {
  std::vector<int> numbers;
  for (int i = 0; i < 300; ++i) numbers.push_back(i % 2 == 0 ? SIGUSR1 : SIGUSR2);
  numbers.push_back(last);
  return numbers;
}

const std::vector<Signals>& signals() {
  static const std::vector<Signals> all{
      {"SIGINT", {SIGINT}, 130},
      {"SIGTERM", {SIGTERM}, 143},
      {"SIGHUP", {SIGHUP}, 129},
      {"SIGQUIT", {SIGQUIT}, 143},
      {"SIGINT twice", {SIGINT, SIGINT}, 130},
      {"SIGTERM twice", {SIGTERM, SIGTERM}, 143},
      {"many SIGUSR1 and SIGUSR2, then SIGINT", storm(SIGINT), 130},
      {"many SIGUSR1 and SIGUSR2, then SIGTERM", storm(SIGTERM), 143},
  };
  return all;
}

Verdict interrupt(const Phase& phase, const Signals& signals) {
  HostileApi api;
  phase.arrange(api);
  Launch launch = test::launch(api, phase.arguments);
  if (phase.stalls) launch.output_room = 0;
  Process process(launch);
  Outcome outcome;
  {
    const Watchdog watchdog(process.pid());
    api.wait_for(phase.last, phase.count);
    for (const int number : signals.numbers) process.send_signal(number);
    if (phase.stalls) {
      outcome.exit_code = process.wait_without_reading();
    } else {
      outcome = process.wait();
    }
  }
  Expected expected{.exit_codes = {phase.exit_code != 0 ? phase.exit_code : signals.exit_code},
                    .cancels = phase.cancels};
  // By then, the time limit has ended the run. A second signal may end the program at once.
  if (phase.last == Asked::cancel) expected.exit_codes.push_back(124);
  if (phase.exit_code != 0 && signals.numbers.size() == 2) {
    expected.exit_codes.push_back(signals.exit_code);
  }
  return judge(outcome, api, expected);
}

}  // namespace

void add_signal_trials(std::vector<Trial>& trials) {
  for (const Phase& phase : phases()) {
    for (const Signals& one : signals()) {
      trials.push_back({std::string("signal: ") + phase.name, one.name,
                        [&phase, &one] { return interrupt(phase, one); }});
    }
  }
}

}  // namespace rellama::test
