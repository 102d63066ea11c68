// A lack of memory or threads.

#include <signal.h>

#include "hostile/trial.hpp"

namespace rellama::test {
namespace {

// How the program may end: with an answer, or with one line that says why not. 127 is the loader's.
const std::vector<int> kScarceEnds{0, 1, 2, 3, 7, 8, 11, 12, 13, 127};

// Nothing that was started goes on unless the exit code says so.
enum class Fails { one_of_ours, one_of_a_library, all };

Verdict judge_scarce(const Outcome& outcome, const HostileApi& api, Fails fails, int runs) {
  Expected expected{.exit_codes = kScarceEnds,
                    .out = whole_text() + "\n",
                    .creates = runs,
                    .checks_out = runs == 1};
  // libcurl 7.88 does not survive each failure of its own allocations.
  if (fails != Fails::one_of_ours) {
    expected.exit_codes.insert(expected.exit_codes.end(), {-SIGSEGV, -SIGFPE});
  }
  // Where nothing can be allocated, nothing can be canceled.
  const int code = outcome.exit_code;
  const bool may_go_on = code <= 0 || code == 11 || code == 13 || api.count(Asked::get) > 0;
  if (fails != Fails::all && !may_go_on) expected.cancels = api.count(Asked::create);
  Verdict verdict = judge(outcome, api, expected);
  // Other libraries may have a line of their own.
  const std::string lines = "\n" + outcome.err;
  const auto line = lines.find("\nrellama: ");
  const bool is_one =
      line != std::string::npos && lines.find("\nrellama: ", line + 1) == std::string::npos;
  if (code > 0 && code != 127 && !is_one) {
    verdict.wrong_exit = true;
    verdict.why += " said '" + outcome.err + "'";
  }
  return verdict;
}

Verdict run_scarce(Fails fails, int number, std::vector<std::string> arguments) {
  const bool is_comparison = arguments.front() == "compare";
  HostileApi api;
  Launch launch = test::launch(api, std::move(arguments));
  const char* const variable = fails == Fails::one_of_ours        ? "RELLAMA_FAIL_NEW"
                               : fails == Fails::one_of_a_library ? "RELLAMA_FAIL_MALLOC"
                                                                  : "RELLAMA_FAIL_ALL";
  launch.environment["LD_PRELOAD"] = RELLAMA_SCARCE;
  launch.environment[variable] = std::to_string(number);
  Process process(launch);
  const Watchdog watchdog(process.pid());
  return judge_scarce(process.wait(), api, fails, is_comparison ? 2 : 1);
}

// The first ones of ours come before main. There are fewer than the last.
void add_allocations(std::vector<Trial>& trials) {
  constexpr int kFirst = 250;
  const auto add = [&trials](const std::string& row, Fails fails, int last, int step,
                             const std::vector<std::string>& arguments) {
    for (int number = kFirst; number < last; number += step) {
      trials.push_back(
          {row, std::to_string(number), [=] { return run_scarce(fails, number, arguments); }});
    }
  };
  add("scarcity: an allocation fails", Fails::one_of_ours, 4200, 29, {"-n", "Tell me."});
  add("scarcity: an allocation fails, with Markdown and a history", Fails::one_of_ours, 4200, 29,
      {"--markdown=always", "Tell me."});
  add("scarcity: an allocation fails, two at a time", Fails::one_of_ours, 5200, 61,
      {"compare", "-m", "70b", "-m", "13b", "Tell me."});
  add("scarcity: an allocation of a library fails", Fails::one_of_a_library, 6000, 61,
      {"-n", "Tell me."});
  add("scarcity: all allocations fail from one on", Fails::all, 10000, 61, {"-n", "Tell me."});
}

void add_threads(std::vector<Trial>& trials) {
  for (int number = 1; number <= 4; ++number) {
    for (const bool on_terminal : {false, true}) {
      trials.push_back({"scarcity: one thread cannot be started",
                        std::to_string(number) + (on_terminal ? ", on a terminal" : ""), [=] {
                          HostileApi api;
                          Launch launch = test::launch(api, {"Tell me."});
                          launch.on_terminal = on_terminal;
                          launch.environment["LD_PRELOAD"] = RELLAMA_SCARCE;
                          launch.environment["RELLAMA_FAIL_THREAD"] = std::to_string(number);
                          const Expected expected{.exit_codes = {0, 1},
                                                  .out = whole_text() + "\n",
                                                  .checks_out = !on_terminal};
                          return run_and_judge(api, launch, expected);
                        }});
    }
  }
}

// A long answer, and too little room for it.
void add_address_space(std::vector<Trial>& trials) {
  for (const int megabytes : {16, 24, 32, 40, 48, 64, 80, 96, 128, 160}) {
    for (const char* format : {"--json", "--markdown=always", "--raw"}) {
      trials.push_back(
          {"scarcity: little address space, a long answer",
           std::to_string(megabytes) + " MiB, " + format, [=] {
             HostileApi api;
             api.on(Asked::get, [&](const HostileRequest&, Wire& wire) {
               wire.respond(200, api.object("processing", "null"));
             });
             api.on(Asked::stream, [](const HostileRequest&, Wire& wire) {
               const std::string word(8'000, 'a');
               wire.begin_stream();
               for (int i = 0; i < 3'000; ++i) {
                 wire.send(render_event("output", "1:" + std::to_string(i), word + "\n"));
               }
             });
             Launch launch = test::launch(api, {});
             launch.arguments = {"-c",
                                 "ulimit -v " + std::to_string(megabytes * 1024) +
                                     "; exec \"$0\" -n --timeout 10 " + format + " 'Tell me.'",
                                 launch.program};
             launch.program = "/bin/sh";
             launch.output_file = "/dev/null";
             Process process(launch);
             const Watchdog watchdog(process.pid());
             const Outcome outcome = process.wait();
             Expected expected{.exit_codes = {1, 3, 7, 13, 124, 127}};
             expected.cancels = outcome.exit_code == 13 ? 0 : api.count(Asked::create);
             return judge(outcome, api, expected);
           }});
    }
  }
}

}  // namespace

void add_scarcity_trials(std::vector<Trial>& trials) {
  add_address_space(trials);
  add_threads(trials);
  add_allocations(trials);
}

}  // namespace rellama::test
