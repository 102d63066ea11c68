#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "rellama/backend.hpp"

namespace rellama::program {

/// The result of one run.
struct RunResult {
  Prediction prediction;       ///< its last known state
  std::string text;            ///< the output received
  std::optional<Error> error;  ///< why the answer is missing or incomplete; empty if it is complete
  std::size_t output_events = 0;       ///< the number of pieces the text came in
  std::optional<double> first_output;  ///< seconds from the start to the first text
  double seconds = 0;                  ///< from the start to the end
};

/// What has changed in one run since it was last reported.
struct RunNews {
  std::size_t run = 0;
  std::optional<Status> status = {};
  std::vector<std::string> output = {};  ///< pieces of text
  bool over = false;
};

/// Runs prompts in parallel on its own threads and reports to the owner's thread. A run that fails
/// does not stop the others.
class ParallelRuns {
 public:
  /// Called on the threads that run the prompts.
  using MakeBackend = std::function<std::unique_ptr<Backend>()>;

  /// Runs at most `jobs` prompts at a time. `stop` ends all runs, and each cancels its prediction.
  ParallelRuns(std::vector<GenerateRequest> requests, std::size_t jobs, MakeBackend make_backend,
               StopSource stop);
  /// Stops the remaining runs and waits until they are canceled.
  ~ParallelRuns();
  ParallelRuns(const ParallelRuns&) = delete;
  ParallelRuns& operator=(const ParallelRuns&) = delete;

  /// Waits briefly for news; an empty vector if there are none. Returns nullopt once all runs are
  /// over and everything has been reported.
  [[nodiscard]] std::optional<std::vector<RunNews>> next();

  /// The result of a run that `next` reported as over.
  [[nodiscard]] const RunResult& result(std::size_t run) const { return runs_[run]->result; }

 private:
  using Clock = std::chrono::steady_clock;
  class Sink;

  struct Run {
    GenerateRequest request;
    RunNews news;  // not reported yet
    RunResult result;
    Clock::time_point started = {};
  };

  void work();
  [[nodiscard]] Run* take_next();
  void run_one(Run& run, std::unique_ptr<Backend>& backend);
  void end(Run& run, std::optional<Error> error);
  [[nodiscard]] std::vector<RunNews> take_news();

  const MakeBackend make_backend_;
  StopSource stop_;
  Clock::time_point told_ = {};  // when news was last reported

  std::mutex mutex_;  // guards the runs (except their requests) and the counters
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Run>> runs_;
  std::size_t next_run_ = 0;
  std::size_t over_ = 0;
  bool has_news_ = false;

  std::vector<std::jthread> threads_;  // last, because they use all of the above
};

}  // namespace rellama::program
