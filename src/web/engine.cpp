#include "web/engine.hpp"

#include <algorithm>
#include <utility>

#include "rellama/error.hpp"
#include "wire/counted.hpp"

namespace rellama::web {
namespace {

using std::chrono::seconds;

}  // namespace

Engine::~Engine() = default;

void Engine::post(Job job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  if (wake_) wake_();
}

void Engine::drain() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
  if (wake_) wake_();
}

std::optional<Refused> Engine::find_refusal() {
  if (is_draining_ || stop_.reason()) {
    return Refused{
        .why = "the server is shutting down", .retry_after = seconds{5}, .is_ending = true};
  }
  // Many that were started at once wait a moment although there is room for all.
  if (runs_.size() >= limits_.concurrent + limits_.waiting) {
    return Refused{.why = wire::counted(waiting_.size(), "run", "is", "are") + " waiting already",
                   .retry_after = seconds{10}};
  }
  if (!limits_.hourly) return std::nullopt;
  const auto now = Clock::now();
  while (!started_.empty() && started_.front() + std::chrono::hours{1} <= now) {
    started_.pop_front();
  }
  if (started_.size() < *limits_.hourly) return std::nullopt;
  const auto wait = started_.front() + std::chrono::hours{1} - now;
  return Refused{.why = "--max-predictions-per-hour allows " + std::to_string(*limits_.hourly),
                 .retry_after = std::chrono::ceil<seconds>(wait)};
}

void Engine::start(const std::string& id, GenerateRequest request,
                   std::shared_ptr<RunListener> listener) {
  if (limits_.hourly) started_.push_back(Clock::now());
  runs_.emplace(id, Run{.request = std::move(request), .listener = std::move(listener)});
  waiting_.push_back(id);
  tell_positions();
}

void Engine::stop(const std::string& id, ErrorKind reason) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || std::exchange(found->second.is_stopping, true)) return;
  Run& run = found->second;
  run.listener->stopping();
  run.flush_at = Time::min();
  if (run.is_sent) {
    run.stop.request(reason);
    return;
  }
  const auto listener = run.listener;
  std::erase(waiting_, id);
  runs_.erase(found);
  listener->ended({.prediction = {}, .error = stop_error(reason)});
  tell_positions();
}

void Engine::repeat(std::chrono::milliseconds interval, Job work) {
  repeated_.push_back({std::move(work), interval, Clock::now() + interval});
}

void Engine::run(Client& client, const StopToken& stop) {
  run_with(client, stop);
}

void Engine::run(CogClient& client, const StopToken& stop) {
  run_with(client, stop);
}

template <typename AnyClient>
void Engine::run_with(AnyClient& client, const StopToken& stop) {
  stop_ = stop;
  set_wake([&client] { client.wake(); });
  try {
    generate_many(client, *this, *this, limits_.concurrent, stop);
  } catch (...) {
    set_wake({});
    throw;
  }
  set_wake({});
  drain();
  end_waiting(stop.reason().value_or(ErrorKind::interrupted));
}

void Engine::set_wake(Job wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

// Those that were never sent.
void Engine::end_waiting(ErrorKind reason) {
  while (!waiting_.empty()) stop(std::string(waiting_.front()), reason);
}

RequestSource::Supply Engine::next(RowRequest& row) {
  const auto found = std::find_if(
      waiting_.begin(), waiting_.end(),
      [this](const std::string& each) { return runs_.at(each).listener->is_wanted(); });
  if (found == waiting_.end()) return is_draining_ ? Supply::end : Supply::nothing;
  const std::string id = std::move(*found);
  waiting_.erase(found);
  Run& run = runs_.at(id);
  row.request = std::move(run.request);
  if (limits_.time) run.stop = StopSource(Clock::now() + *limits_.time);
  row.stop = run.stop.token();
  run.is_sent = true;
  run.flush_at = Time::min();
  rows_.emplace(next_row_++, id);
  run.listener->begun();
  tell_positions();
  return Supply::request;
}

template <typename Event>
void Engine::tell(std::size_t row, const Event& event) {
  Run& run = runs_.at(rows_.at(row));
  run.flush_at = Time::min();  // something happened
  try {
    event(*run.listener);
  } catch (const std::exception&) {
    run.stop.request(ErrorKind::internal);
  }
}

void Engine::prompt_fitted(std::size_t row, const PromptFit& fit) {
  tell(row, [&](RunListener& listener) { listener.prompt_fitted(fit); });
}

void Engine::created(std::size_t row, const Prediction& prediction) {
  tell(row, [&](RunListener& listener) { listener.created(prediction); });
}

void Engine::status_changed(std::size_t row, Status status) {
  tell(row, [&](RunListener& listener) { listener.status_changed(status); });
}

void Engine::output(std::size_t row, std::string_view text) {
  tell(row, [&](RunListener& listener) { listener.output(text); });
}

void Engine::ended(std::size_t row, RowEnd end) {
  tell(row, [&](RunListener& listener) { listener.ended(std::move(end)); });
  runs_.erase(rows_.at(row));
  rows_.erase(row);
  tell_positions();
}

// Called after whatever happened, and when it is time.
RowSink::Time Engine::flush() {
  const bool any_change = run_jobs();
  const auto now = Clock::now();
  auto until = Time::max();
  for (auto& [id, run] : runs_) {
    if (run.flush_at <= now) flush_run(run, now);
    until = std::min(until, run.flush_at);
  }
  for (Repeated& repeated : repeated_) {
    if (repeated.next <= now) {
      repeated.work();
      repeated.next = now + repeated.interval;
    }
    until = std::min(until, repeated.next);
  }
  if (after_turn_) after_turn_();
  return any_change ? now : until;  // there may be a run to start
}

void Engine::flush_run(Run& run, Time now) {
  try {
    run.flush_at = run.listener->flush(now);
  } catch (const std::exception&) {
    run.flush_at = Time::max();
    run.stop.request(ErrorKind::internal);
  }
}

bool Engine::run_jobs() {
  std::vector<Job> jobs;
  bool any_change = false;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(jobs_);
    any_change = !jobs.empty() || draining_ != is_draining_;
    is_draining_ = draining_;
  }
  for (const Job& job : jobs) job();
  return any_change;
}

void Engine::tell_positions() {
  std::size_t free = limits_.concurrent - std::min(limits_.concurrent, rows_.size());
  std::size_t position = 0;
  for (const std::string& id : waiting_) {
    Run& run = runs_.at(id);
    run.listener->queued(free > 0 ? 0 : ++position);
    if (free > 0) --free;
    run.flush_at = Time::min();
  }
}

}  // namespace rellama::web
