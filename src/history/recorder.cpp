#include "history/recorder.hpp"

#include <chrono>
#include <new>
#include <system_error>
#include <utility>

namespace rellama::history {
namespace {

// How long text may stay unwritten.
constexpr std::chrono::seconds kInterval{1};
// How long to wait for another process that is writing.
constexpr std::chrono::seconds kPatience{2};

constexpr const char* kFailed = "cannot write the history";
constexpr const char* kRemedy = "close other programs";

}  // namespace

Recorder::~Recorder() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  has_work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

// A program that records nothing needs no thread.
void Recorder::add(const std::unique_lock<std::mutex>& /*lock*/) {
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    work_ = {};
    failure_ = std::make_exception_ptr(
        Error(ErrorKind::internal,
              {.failed = kFailed, .why = error.code().message(), .remedy = kRemedy}));
    return;
  }
  is_idle_ = false;
  has_work_.notify_one();
}

void Recorder::begin(NewTurn turn) {
  const std::unique_lock lock(mutex_);
  work_.begin = std::move(turn);
  written_.reset();
  add(lock);
}

void Recorder::append(std::string_view output) {
  const std::unique_lock lock(mutex_);
  const bool was_empty = work_.output.empty();
  work_.output += output;
  if (was_empty && !output.empty()) add(lock);
}

std::optional<TurnId> Recorder::end(TurnEnd end) {
  std::unique_lock lock(mutex_);
  work_.end = std::move(end);
  add(lock);
  has_written_.wait(lock, [this] { return is_idle_; });
  return written_;
}

void Recorder::go_to(const TurnId& id) {
  const std::unique_lock lock(mutex_);
  work_.go_to = id;
  add(lock);
}

std::optional<Error> Recorder::take_failure() {
  const std::lock_guard lock(mutex_);
  try {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return Error(ErrorKind::internal,
                 {.failed = kFailed, .why = "out of memory", .remedy = kRemedy});
  }
  return std::nullopt;
}

void Recorder::run() {
  std::unique_lock lock(mutex_);
  auto next_write = std::chrono::steady_clock::now();
  while (true) {
    has_work_.wait(lock, [this] { return closing_ || !work_.empty(); });
    has_work_.wait_until(lock, next_write, [this] { return closing_ || work_.is_urgent(); });
    if (work_.empty()) return;
    Work work = std::exchange(work_, {});
    lock.unlock();
    std::exception_ptr failure;
    try {
      write(work);
    } catch (...) {  // no exception may end the thread
      failure = std::current_exception();
      turn_.reset();
    }
    lock.lock();
    next_write = std::chrono::steady_clock::now() + kInterval;
    written_ = turn_;
    if (failure) failure_ = std::move(failure);
    is_idle_ = work_.empty();
    if (is_idle_) has_written_.notify_all();
  }
}

void Recorder::write(Work& work) {
  if (!store_ && (work.begin || work.go_to)) {
    store_.emplace(file_, Database::Open::create, kPatience);
  }
  if (work.begin) {
    turn_.reset();
    turn_ = store_->begin(*work.begin);
    if (!work.end) store_->shorten_log();  // while the model is at work
  }
  if (turn_ && work.end) {
    store_->end(*turn_, *work.end, work.output);
  } else if (turn_ && !work.output.empty()) {
    store_->append(*turn_, work.output);
  }
  if (work.go_to) store_->go_to(*work.go_to);
}

}  // namespace rellama::history
