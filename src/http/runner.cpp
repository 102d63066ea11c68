#include "http/runner.hpp"

#include <algorithm>
#include <functional>
#include <new>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "http/transfer.hpp"

namespace rellama::http {

namespace {

const Head kNoHead{};

}  // namespace

struct Runner::Running {
  Running(Task& what, StopToken until_stopped) : task(&what), stop(std::move(until_stopped)) {}

  Task* task;
  StopToken stop;
  std::size_t index = 0;                    // in running_
  std::optional<Transfer> transfer = {};    // the response that is open
  Clock::time_point until = Step::kNever;   // when to report the time
  Clock::time_point queued = Step::kNever;  // its entry in times_; may be earlier than `until`
  Times::node_type no_entry = {};           // that entry while it is not in times_
  bool told_stop = false;
  std::optional<Step> held_step = {};  // put off until the task can go on
  Clock::time_point held_since = {};
  std::optional<std::stop_callback<std::function<void()>>> on_stop = {};
};

Runner::Runner(Loop& loop) : loop_(loop) {}

Runner::~Runner() = default;

void Runner::start(Task& task, const StopToken& stop) {
  auto owned = std::make_unique<Running>(task, stop);
  Running& running = *owned;
  // Later steps allocate nothing here, so that a run can end in order when there is no memory left.
  running.no_entry = times_.extract(times_.emplace(Step::kNever, &running).first);
  const std::size_t size = running_.size() + 1;
  held_.reserve(size);
  done_.reserve(done_.size() + size);
  news_.reserve(size);
  running.index = running_.size();
  running_.push_back(std::move(owned));
  if (stop.std_token().stop_possible()) {
    running.on_stop.emplace(stop.std_token(), [this] {
      stop_requested_ = true;
      loop_.wake();
    });
  }
  const auto reason = stop.reason();
  if (reason) {
    tell_stop(running, *reason);
  } else {
    tell(running, {.kind = Event::Kind::start, .now = Clock::now()});
  }
}

void Runner::turn(Clock::time_point until) {
  tell_stops();
  release_held();
  if (!done_.empty()) return;
  if (!times_.empty()) until = std::min(until, times_.begin()->first);
  try {
    loop_.turn(until);
  } catch (const std::bad_alloc&) {
    fail_transfers();
  }
  loop_.take_news(news_);
  // A task that is told of its own news affects no other task, so no entry becomes invalid.
  for (void* owner : news_) tell_news(*static_cast<Running*>(owner));
  tell_times();
}

Task* Runner::take_done() noexcept {
  if (done_.empty()) return nullptr;
  Task* task = done_.back();
  done_.pop_back();
  return task;
}

void Runner::tell_stops() {
  if (!stop_requested_.exchange(false)) return;
  for (std::size_t i = running_.size(); i-- > 0;) {  // backwards, since a task that ends is removed
    Running& running = *running_[i];
    const auto reason = running.told_stop ? std::nullopt : running.stop.reason();
    if (reason) tell_stop(running, *reason);
  }
}

void Runner::stop_all(ErrorKind reason) {
  stop_those(reason, [](const Task&) { return true; });
}

void Runner::stop_those(ErrorKind reason, const std::function<bool(const Task&)>& is_meant) {
  for (std::size_t i = running_.size(); i-- > 0;) {
    Running& running = *running_[i];
    if (!running.told_stop && is_meant(*running.task)) tell_stop(running, reason);
  }
}

void Runner::tell_stop(Running& running, ErrorKind reason) {
  running.told_stop = true;
  if (running.held_step) forget_hold(running);
  tell(running, {.kind = Event::Kind::stop,
                 .now = Clock::now(),
                 .request_sent = running.transfer && running.transfer->request_sent(),
                 .reason = reason});
}

void Runner::tell_times() {
  const auto now = Clock::now();
  while (!times_.empty() && times_.begin()->first <= now) {
    Running& running = *times_.begin()->second;
    dequeue(running);
    if (running.until > now) {  // it was put off
      set_time(running, running.until);
      continue;
    }
    running.until = Step::kNever;
    const auto reason = running.told_stop ? std::nullopt : running.stop.reason();
    if (reason) {
      tell_stop(running, *reason);
    } else {
      tell(running, {.kind = Event::Kind::time,
                     .now = now,
                     .request_sent = running.transfer && running.transfer->request_sent()});
    }
  }
}

void Runner::tell_news(Running& running) {
  if (!running.transfer || running.held_step) return;
  Transfer& transfer = *running.transfer;
  if (transfer.take_head_news() || !transfer.bytes().empty()) {
    Event event{.kind = Event::Kind::bytes, .now = Clock::now(), .head = &transfer.head()};
    event.bytes = transfer.bytes();
    Step step = ask(running, event);
    transfer.drop_bytes();
    const bool reads_on = step.kind == Step::Kind::read;
    carry_out_or_hold(running, std::move(step));
    if (!reads_on || running.held_step) return;
  }
  if (!transfer.finished()) return;
  const auto failure = transfer.failure();
  tell(running, {.kind = Event::Kind::end,
                 .now = Clock::now(),
                 .head = &transfer.head(),
                 .failure = failure ? &*failure : nullptr,
                 .request_sent = failure && failure->request_sent});
}

// Whether any of the open responses would ever end is unknown.
void Runner::fail_transfers() {
  for (std::size_t i = running_.size(); i-- > 0;) {
    if (running_[i]->transfer) fail_transfer(*running_[i]);
  }
}

void Runner::fail_transfer(Running& running) {
  const bool request_sent = running.transfer && running.transfer->request_sent();
  if (running.held_step) forget_hold(running);
  running.transfer.reset();
  const Failure failure{Failure::Cause::no_memory, request_sent, kNoMemory};
  tell(running, {.kind = Event::Kind::end,
                 .now = Clock::now(),
                 .head = &kNoHead,
                 .failure = &failure,
                 .request_sent = request_sent});
}

void Runner::release_held() {
  for (std::size_t i = held_.size(); i-- > 0;) {  // backwards, since each is removed
    Running& running = *held_[i];
    if (running.task->held()) continue;
    Step step = *std::move(running.held_step);
    forget_hold(running);
    // The time it was held does not count.
    if (step.until != Step::kNever) step.until += Clock::now() - running.held_since;
    const bool reads_on = step.kind == Step::Kind::read;
    carry_out(running, std::move(step));
    if (reads_on) tell_news(running);
  }
}

void Runner::forget_hold(Running& running) {
  running.held_step.reset();
  std::erase(held_, &running);
  if (running.transfer) running.transfer->resume();
}

void Runner::tell(Running& running, const Event& event) {
  carry_out_or_hold(running, ask(running, event));
}

Step Runner::ask(Running& running, const Event& event) {
  try {
    return running.task->handle(event);
  } catch (...) {
    remove(running);
    throw;
  }
}

void Runner::carry_out_or_hold(Running& running, Step step) {
  if (step.kind == Step::Kind::done || !running.task->held()) {
    carry_out(running, std::move(step));
    return;
  }
  if (running.transfer) running.transfer->pause();
  running.held_step = std::move(step);
  running.held_since = Clock::now();
  held_.push_back(&running);
  set_time(running, Step::kNever);
}

void Runner::carry_out(Running& running, Step step) {
  switch (step.kind) {
    case Step::Kind::open:
      running.transfer.reset();
      try {
        running.transfer.emplace(loop_.open(*step.request));
      } catch (const std::bad_alloc&) {
        fail_transfer(running);
        return;
      }
      running.transfer->report_news_of(&running);
      break;
    case Step::Kind::read:
      // With other tasks, the pieces are large anyway if the machine is busy.
      if (step.rest > Clock::duration{} && running_.size() == 1) {
        std::this_thread::sleep_for(step.rest);
      }
      break;
    case Step::Kind::sleep: running.transfer.reset(); break;
    case Step::Kind::done:
      done_.push_back(running.task);
      remove(running);
      return;
  }
  set_time(running, step.until);
}

// Most times are put off before they are reached, so an entry that is too early is kept.
void Runner::set_time(Running& running, Clock::time_point until) {
  if (!running.told_stop) until = std::min(until, running.stop.deadline().value_or(until));
  running.until = until;
  if (until >= running.queued) return;
  dequeue(running);
  running.no_entry.value().first = until;
  times_.insert(std::move(running.no_entry));
  running.queued = until;
}

void Runner::dequeue(Running& running) noexcept {
  if (running.queued == Step::kNever) return;
  running.no_entry = times_.extract({running.queued, &running});
  running.queued = Step::kNever;
}

void Runner::remove(Running& running) noexcept {
  dequeue(running);
  std::erase(held_, &running);
  const std::size_t index = running.index;
  std::swap(running_[index], running_.back());
  running_[index]->index = index;
  running_.pop_back();
}

void run(Loop& loop, Task& task, const StopToken& stop) {
  Runner runner(loop);
  runner.start(task, stop);
  while (runner.size() > 0) runner.turn(Step::kNever);
}

}  // namespace rellama::http
