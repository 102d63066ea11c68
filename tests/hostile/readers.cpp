// Readers of the output that stand still or leave.

#include <signal.h>

#include "hostile/trial.hpp"

namespace rellama::test {
namespace {

/// How an answer is printed.
struct Format {
  const char* name;
  std::vector<std::string> arguments;
  int runs = 1;
  bool on_terminal = false;
};

const std::vector<Format> kFormats{
    {"text", {"-n"}},
    {"--json", {"-n", "--json"}},
    {"--jsonl", {"-n", "--jsonl"}},
    {"-x", {"-n", "-x"}},
    {"Markdown", {"-n", "--markdown=always"}},
    {"Markdown on a terminal", {"-n"}, 1, true},
    {"compare", {"compare", "-m", "70b", "-m", "13b"}, 2},
    {"compare --json", {"compare", "-m", "70b", "-m", "13b", "--json"}, 2},
    {"compare --jsonl", {"compare", "-m", "70b", "-m", "13b", "--jsonl"}, 2},
    {"compare on a terminal", {"compare", "-m", "70b", "-m", "13b"}, 2, true},
    {"chat", {"chat", "-n"}},
};

struct End {
  const char* name;
  int exit_code;
  int signal = 0;  ///< 0: --timeout
};

const std::vector<End> kEnds{{"SIGINT", 130, SIGINT},
                             {"SIGTERM", 143, SIGTERM},
                             {"SIGHUP", 129, SIGHUP},
                             {"--timeout", 124}};

// More than fits into a pipe or a terminal, and then nothing.
void stream_much(Wire& wire) {
  constexpr int kTimes = 200;
  const std::string line(500, 'a');
  wire.begin_stream();
  for (int i = 0; i < kTimes; ++i) {
    wire.send(render_event("output", "1:" + std::to_string(i), line + "\n"));
  }
}

Launch launch_format(const HostileApi& api, const Format& format) {
  Launch launch = test::launch(api, format.arguments);
  launch.on_terminal = format.on_terminal;
  launch.arguments.emplace_back("Tell me a story.");
  return launch;
}

Verdict stall(const Format& format, const End& end) {
  HostileApi api;
  api.on(Asked::stream, [](const HostileRequest&, Wire& wire) { stream_much(wire); });
  Launch stalled = launch_format(api, format);
  if (!format.on_terminal) stalled.output_room = 0;
  if (end.signal == 0) {
    stalled.arguments.insert(stalled.arguments.end() - 1, {"--timeout", "2"});
  }
  Process process(stalled);
  Outcome outcome;
  {
    const Watchdog watchdog(process.pid());
    api.wait_for(Asked::create, format.runs);
    if (format.on_terminal) process.type("\x13");  // Ctrl-S
    if (end.signal != 0) process.send_signal(end.signal);
    outcome.exit_code = process.wait_without_reading();
  }
  return judge(outcome, api,
               {.exit_codes = {end.exit_code}, .creates = format.runs, .cancels = format.runs});
}

enum class Leaves { before_anything, during_the_boot, during_the_text };

Verdict leave(const Format& format, Leaves when) {
  HostileApi api;
  api.on(Asked::stream, [when](const HostileRequest&, Wire& wire) {
    if (when == Leaves::during_the_text) {
      stream_much(wire);
    } else {
      wire.begin_stream();
    }
  });
  Process process(launch_format(api, format));
  Outcome outcome;
  {
    const Watchdog watchdog(process.pid());
    if (when != Leaves::before_anything) {
      api.wait_for(Asked::create, format.runs);
      api.wait_for(Asked::stream, format.runs);
    }
    if (format.on_terminal) {
      process.hang_up();
      outcome.exit_code = process.wait_without_reading();
    } else {
      process.close_output();
      outcome = process.wait();
    }
  }
  Expected expected{.exit_codes = {format.on_terminal ? 129 : 141},
                    .creates = format.runs,
                    .cancels = format.runs};
  // It may be noticed before anything is sent, and the terminal may be gone before main.
  if (when == Leaves::before_anything) {
    expected.cancels = api.count(Asked::create);
    if (format.on_terminal) expected.exit_codes = {129, 141, -SIGHUP};
  }
  return judge(outcome, api, expected);
}

}  // namespace

void add_reader_trials(std::vector<Trial>& trials) {
  for (const Format& format : kFormats) {
    for (const End& end : kEnds) {
      // A chat on standard input goes on with the next message, of which there is none, after the
      // time of one; and its exit code is that of the last.
      trials.push_back({"reader: stands still, then a signal or a time limit",
                        std::string(format.name) + ", " + end.name,
                        [&format, &end] { return stall(format, end); }});
    }
    const std::map<Leaves, const char*> moments{{Leaves::before_anything, "before anything"},
                                                {Leaves::during_the_boot, "while a machine boots"},
                                                {Leaves::during_the_text, "while text is printed"}};
    for (const auto& [when, name] : moments) {
      trials.push_back({std::string("reader: leaves ") + name, format.name,
                        [&format, when = when] { return leave(format, when); }});
    }
  }
}

}  // namespace rellama::test
