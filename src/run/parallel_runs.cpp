#include "run/parallel_runs.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "rellama/error.hpp"
#include "rellama/outcome.hpp"

namespace rellama::program {
namespace {

using std::chrono::milliseconds;

// The longest wait without news, so that a spinner turns and a resized window is noticed.
constexpr milliseconds kLongestWait{100};
// The shortest time between two batches of news: a screen need not be redrawn for every token.
constexpr milliseconds kShortestWait{30};

double seconds_between(std::chrono::steady_clock::time_point from,
                       std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

// Receives the events of one run.
class ParallelRuns::Sink final : public EventSink {
 public:
  Sink(ParallelRuns& runs, Run& run) : runs_(runs), run_(run) {}

  void created(const Prediction& prediction) override {
    const std::lock_guard lock(runs_.mutex_);
    run_.result.prediction = prediction;
    add_status(prediction.status);
  }
  void status_changed(Status status) override {
    const std::lock_guard lock(runs_.mutex_);
    run_.result.prediction.status = status;
    add_status(status);
  }
  void output(std::string_view text) override {
    const std::lock_guard lock(runs_.mutex_);
    RunResult& result = run_.result;
    if (!result.first_output) result.first_output = seconds_between(run_.started, Clock::now());
    ++result.output_events;
    result.text += text;
    run_.news.output.emplace_back(text);
    runs_.has_news_ = true;
  }
  void flush() override { runs_.changed_.notify_one(); }

 private:
  void add_status(Status status) {
    run_.news.status = status;
    runs_.has_news_ = true;
    runs_.changed_.notify_one();
  }

  ParallelRuns& runs_;
  Run& run_;
};

ParallelRuns::ParallelRuns(std::vector<GenerateRequest> requests, std::size_t jobs,
                           MakeBackend make_backend, StopSource stop)
    : make_backend_(std::move(make_backend)), stop_(std::move(stop)) {
  for (GenerateRequest& request : requests) {
    Run& run = *runs_.emplace_back(std::make_unique<Run>());
    run.request = std::move(request);
    run.news.run = runs_.size() - 1;
  }
  for (std::size_t i = 0; i < std::min(jobs, runs_.size()); ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

ParallelRuns::~ParallelRuns() {
  stop_.request(ErrorKind::interrupted);  // no effect if all runs are over
}

std::optional<std::vector<RunNews>> ParallelRuns::next() {
  std::unique_lock lock(mutex_);
  const auto all_over = [this] { return over_ == runs_.size(); };
  changed_.wait_until(lock, told_ + kShortestWait, all_over);
  changed_.wait_for(lock, kLongestWait, [&] { return has_news_ || all_over(); });
  told_ = Clock::now();
  if (!has_news_ && all_over()) return std::nullopt;
  return take_news();
}

std::vector<RunNews> ParallelRuns::take_news() {
  std::vector<RunNews> all;
  has_news_ = false;
  for (const auto& run : runs_) {
    RunNews& news = run->news;
    if (!news.status && news.output.empty() && !news.over) continue;
    all.push_back(std::exchange(news, RunNews{.run = news.run}));
  }
  return all;
}

void ParallelRuns::work() {
  std::unique_ptr<Backend> backend;
  while (Run* run = take_next()) run_one(*run, backend);
}

ParallelRuns::Run* ParallelRuns::take_next() {
  const std::lock_guard lock(mutex_);
  if (next_run_ == runs_.size()) return nullptr;
  Run& run = *runs_[next_run_++];
  run.started = Clock::now();
  run.news.status = Status::starting;
  has_news_ = true;
  return &run;
}

void ParallelRuns::run_one(Run& run, std::unique_ptr<Backend>& backend) {
  try {
    const StopToken stop = stop_.token();
    stop.throw_if_stopped();
    if (!backend) backend = make_backend_();
    Sink sink(*this, run);
    Prediction prediction = backend->ask(run.request, sink, stop);
    const auto failure = find_failure(prediction);
    {
      const std::lock_guard lock(mutex_);
      run.result.prediction = std::move(prediction);
    }
    end(run, failure);
  } catch (const Error& error) {
    end(run, error);
  } catch (const std::exception& error) {
    end(run,
        Error(ErrorKind::internal,
              {.failed = "unexpected error", .why = error.what(), .remedy = "please report it"}));
  }
}

void ParallelRuns::end(Run& run, std::optional<Error> error) {
  const std::lock_guard lock(mutex_);
  run.result.error = std::move(error);
  run.result.seconds = seconds_between(run.started, Clock::now());
  run.news.over = true;
  ++over_;
  has_news_ = true;
  changed_.notify_one();
}

}  // namespace rellama::program
