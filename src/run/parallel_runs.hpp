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

/// What came of one run.
struct RunResult {
  Prediction prediction;               ///< as far as it is known
  std::string text;                    ///< what has arrived
  std::optional<Error> error;          ///< why there is no whole answer; nothing if there is
  std::size_t output_events = 0;       ///< pieces in which the text came
  std::optional<double> first_output;  ///< seconds from the start to the first text
  double seconds = 0;                  ///< from the start to the end
};

/// What is new of one run.
struct RunNews {
  std::size_t run = 0;
  std::optional<Status> status = {};
  std::vector<std::string> output = {};  ///< pieces of text
  bool over = false;
};

/// Runs prompts at the same time, each through `generate`, on threads of its own; whoever owns this
/// learns of them on one thread. A run that fails does not keep the others from going on.
class ParallelRuns {
 public:
  /// Called on the threads that run the prompts.
  using MakeBackend = std::function<std::unique_ptr<Backend>()>;

  /// At most `jobs` at a time. `stop` ends them all, each cancelling its own prediction.
  ParallelRuns(std::vector<GenerateRequest> requests, std::size_t jobs, MakeBackend make_backend,
               StopSource stop);
  /// Stops what still runs, and waits until it has been cancelled.
  ~ParallelRuns();
  ParallelRuns(const ParallelRuns&) = delete;
  ParallelRuns& operator=(const ParallelRuns&) = delete;

  /// Waits for news, but not for long; empty if there are none by then. Nothing once all runs are
  /// over and everything has been told.
  [[nodiscard]] std::optional<std::vector<RunNews>> next();

  /// What came of a run that `next` said is over.
  [[nodiscard]] const RunResult& result(std::size_t run) const { return runs_[run]->result; }

 private:
  using Clock = std::chrono::steady_clock;
  class Sink;

  struct Run {
    GenerateRequest request;
    RunNews news;  // not told yet
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
  Clock::time_point told_ = {};  // when news were last given out

  std::mutex mutex_;  // guards what the runs and the counters hold, but for the requests
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Run>> runs_;
  std::size_t next_run_ = 0;
  std::size_t over_ = 0;
  bool has_news_ = false;

  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace rellama::program
