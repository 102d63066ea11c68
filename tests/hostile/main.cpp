// Runs the built program against servers that misbehave in every way, readers that stand still or
// leave, signals, and a lack of memory or threads. Prints what was tried, and fails if a prediction
// was created twice, if an exit code was wrong, or if the program was deaf.

#include <signal.h>

#include <atomic>
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <map>
#include <regex>

#include "hostile/trial.hpp"

namespace rellama::test {
namespace {

// Most trials wait most of the time.
constexpr std::size_t kAtOnce = 40;

struct Row {
  int tried = 0;
  int answered = 0;
  int created_twice = 0;
  int wrong_exit = 0;
  int deaf = 0;

  void add(const Verdict& verdict) {
    ++tried;
    answered += verdict.answered ? 1 : 0;
    created_twice += verdict.created_twice ? 1 : 0;
    wrong_exit += verdict.wrong_exit ? 1 : 0;
    deaf += verdict.deaf ? 1 : 0;
  }
  void add(const Row& row) {
    tried += row.tried;
    answered += row.answered;
    created_twice += row.created_twice;
    wrong_exit += row.wrong_exit;
    deaf += row.deaf;
  }
  [[nodiscard]] bool is_good() const { return created_twice == 0 && wrong_exit == 0 && deaf == 0; }
};

std::vector<Trial> all_trials() {
  std::vector<Trial> trials;
  add_signal_trials(trials);  // first, because they take longest
  add_create_trials(trials);
  add_http2_trials(trials);
  add_stream_trials(trials);
  add_reader_trials(trials);
  add_scarcity_trials(trials);
  return trials;
}

std::vector<Verdict> run_all(const std::vector<Trial>& trials) {
  std::vector<Verdict> verdicts(trials.size());
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    workers.emplace_back([&] {
      for (std::size_t at = next++; at < trials.size(); at = next++) {
        try {
          verdicts[at] = trials[at].run();
        } catch (const std::exception& error) {
          verdicts[at] = {.wrong_exit = true, .why = error.what()};
        }
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return verdicts;
}

void print(const std::string& name, const Row& row) {
  std::cout << std::left << std::setw(56) << name << std::right << std::setw(6) << row.tried
            << std::setw(10) << row.answered << std::setw(15) << row.created_twice << std::setw(12)
            << row.wrong_exit << std::setw(6) << row.deaf << "\n";
}

int run_chosen(const std::string& only) {
  std::vector<Trial> trials = all_trials();
  const std::regex pattern(only);
  std::erase_if(trials, [&](const Trial& trial) {
    return !std::regex_search(trial.row + ": " + trial.name, pattern);
  });
  const std::vector<Verdict> verdicts = run_all(trials);

  std::vector<std::string> names;  // in the order of the trials
  std::map<std::string, Row> rows;
  Row total;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const auto& [row, name, unused] = trials[i];
    if (!rows.contains(row)) names.push_back(row);
    rows[row].add(verdicts[i]);
    if (!verdicts[i].is_good()) std::cout << row << ": " << name << ": " << verdicts[i].why << "\n";
  }
  std::cout << std::left << std::setw(56) << ""
            << " tried  answered  created twice  wrong exit  deaf\n";
  for (const std::string& name : names) {
    print(name, rows[name]);
    total.add(rows[name]);
  }
  std::cout << "tried " << total.tried << ", answered " << total.answered << ", created twice "
            << total.created_twice << ", wrong exit " << total.wrong_exit << ", deaf " << total.deaf
            << "\n";
  return total.is_good() ? 0 : 1;
}

}  // namespace
}  // namespace rellama::test

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  return rellama::test::run_chosen(argc > 1 ? argv[1] : "");
}
