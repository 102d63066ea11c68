// A batch that is killed again and again. RELLAMA_BATCH_KILLS and RELLAMA_BATCH_ROWS set how often
// and how many rows it has.

#include <signal.h>

#include <chrono>
#include <iostream>
#include <random>
#include <thread>

#include "program/batch_fixture.hpp"

namespace rellama::test {
namespace {

using std::chrono::milliseconds;

std::size_t number_from(const char* variable, std::size_t usual) {
  const char* text = std::getenv(variable);
  return text != nullptr ? static_cast<std::size_t>(std::atoll(text)) : usual;
}

// Creates that are lost, refused or answered with an error, among others that succeed.
std::vector<std::string> create_faults(std::size_t rows) {
  std::vector<std::string> faults;
  for (std::size_t created = 0; created < rows; created += 60) {
    for (const char* fault : {"create:ok*19", "create:lost*1", "create:ok*12", "create:429@1*1",
                              "create:ok*9", "create:reset*1", "create:ok*13", "create:503*1"}) {
      faults.emplace_back(fault);
    }
  }
  return faults;
}

class KilledBatch : public BatchProgram {
 protected:
  void start(std::size_t rows) {
    emulator::EmulatorOptions options;
    options.faults = create_faults(rows);
    options.token_rate = 100;
    start_emulator(options);
    input_ = numbered_rows(rows);
  }

  [[nodiscard]] Launch batch() const {
    return launch(
        {"batch", input_, "-m", kEcho, "-j", "16", "-q", "-O", path("out.jsonl"), "--resume"});
  }

  // Sends a signal after a random time. Returns the exit code; negative: the signal.
  int run_and_send(int signal, std::mt19937& random, int longest) const {
    Process process(batch());
    std::this_thread::sleep_for(milliseconds(random() % static_cast<unsigned>(longest)));
    process.send_signal(signal);
    const Outcome outcome = process.wait();
    if (outcome.exit_code == 1 || outcome.exit_code == 2) ADD_FAILURE() << outcome.err;
    return outcome.exit_code;
  }

  std::string input_;
};

TEST_F(KilledBatch, answers_every_row_once_and_starts_no_prediction_twice) {
  const std::size_t kills = number_from("RELLAMA_BATCH_KILLS", 8);
  const std::size_t rows = number_from("RELLAMA_BATCH_ROWS", 200);
  start(rows);
  std::mt19937 random(static_cast<unsigned>(number_from("RELLAMA_BATCH_SEED", 1)));
  const auto begin = std::chrono::steady_clock::now();
  std::size_t killed = 0;
  for (std::size_t i = 0; i < kills; ++i) {
    if (run_and_send(SIGKILL, random, 2000) == -SIGKILL) ++killed;
  }
  const Outcome last = run(batch());
  EXPECT_EQ(last.exit_code, 0) << last.err;
  expect_all_answered(read("out.jsonl"), rows);
  const std::size_t made = predictions();
  EXPECT_EQ(made, rows);
  const auto took = std::chrono::steady_clock::now() - begin;
  std::cout << rows << " rows, " << killed << " kills, " << made << " predictions, "
            << std::chrono::duration_cast<std::chrono::seconds>(took).count() << " s\n";
}

TEST_F(KilledBatch, drains_at_every_signal_and_answers_every_row_once) {
  constexpr std::size_t kRows = 100;
  start(kRows);
  std::mt19937 random(2);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGINT}) {
    const int code = run_and_send(signal, random, 600);
    // 13: the response to a create was lost at that moment.
    EXPECT_TRUE(code == 0 || code == 13 || code == 128 + signal || code == -signal) << code;
  }
  const Outcome last = run(batch());
  EXPECT_EQ(last.exit_code, 0) << last.err;
  expect_all_answered(read("out.jsonl"), kRows);
  EXPECT_EQ(predictions(), kRows);
}

TEST_F(KilledBatch, survives_a_full_disk) {
  constexpr std::size_t kRows = 100;
  start(kRows);
  const std::string command = "rellama batch " + input_ + " -m " + kEcho + " -j 16 -q -O " +
                              path("out.jsonl") + " --resume";
  // No file may become larger than that: neither the journal nor the output.
  int failures = 0;
  for (const int kilobytes : {30, 40, 50, 15}) {
    const Outcome outcome =
        shell("trap '' XFSZ; ulimit -f " + std::to_string(kilobytes) + "; exec " + command);
    if (outcome.exit_code == 1) ++failures;
    EXPECT_TRUE(outcome.exit_code == 1 || outcome.exit_code == 0) << outcome.err;
    (void)results("out.jsonl");  // no half line
  }
  EXPECT_GT(failures, 0);
  const Outcome last = shell(command);
  EXPECT_EQ(last.exit_code, 0) << last.err;
  expect_all_answered(read("out.jsonl"), kRows);
  EXPECT_EQ(predictions(), kRows);
}

TEST_F(KilledBatch, keeps_what_a_closed_pipe_did_not_take) {
  constexpr std::size_t kRows = 100;
  start(kRows);
  const std::string command = "rellama batch " + input_ + " -m " + kEcho + " -j 16 -q";
  const Outcome first = shell(command + " | head -n 5; echo ${PIPESTATUS[0]}");
  EXPECT_TRUE(first.out.ends_with("\n141\n")) << first.out;
  const Outcome rest = shell(command + " --resume");
  EXPECT_EQ(rest.exit_code, 0) << rest.err;
  EXPECT_GT(results_in(rest.out).size(), kRows / 2);
  EXPECT_EQ(predictions(), kRows);
}

TEST_F(KilledBatch, appends_to_a_redirected_output_as_to_a_file) {
  constexpr std::size_t kRows = 100;
  start(kRows);
  std::mt19937 random(3);
  for (int i = 0; i < 4; ++i) {
    Launch killed = launch({"-c", "exec rellama batch " + input_ + " -m " + kEcho +
                                      " -j 16 -q --resume >> " + path("out.jsonl")});
    killed.program = "/bin/bash";
    killed.environment["PATH"] =
        std::filesystem::path(RELLAMA_PROGRAM).parent_path().string() + ":/usr/bin:/bin";
    Process process(killed);
    std::this_thread::sleep_for(milliseconds(random() % 2000));
    process.send_signal(SIGKILL);
    (void)process.wait();
  }
  const Outcome last =
      shell("rellama batch " + input_ + " -m " + kEcho + " -q --resume >> " + path("out.jsonl"));
  EXPECT_EQ(last.exit_code, 0) << last.err;
  expect_all_answered(read("out.jsonl"), kRows);
  EXPECT_EQ(predictions(), kRows);
}

}  // namespace
}  // namespace rellama::test
