#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "http/loop.hpp"
#include "http/task.hpp"
#include "rellama/stop.hpp"

namespace rellama::http {

/// Performs any number of tasks on the calling thread: carries out their steps and tells them what
/// happens. Tasks and the loop must outlive it; destroying it abandons the tasks that are left.
class Runner {
 public:
  explicit Runner(Loop& loop);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Starts `task`, which `stop` can stop. Throws what the task throws.
  void start(Task& task, const StopToken& stop);

  /// Waits until something happens to a task, the loop is woken, or `until`, and handles it. Throws
  /// what a task throws, and must not be used after that.
  void turn(Clock::time_point until);

  /// Tells every task that a stop was requested, unless it was told before. Throws as `turn` does.
  void stop_all(ErrorKind reason);
  /// The same for the tasks that `is_meant` selects.
  void stop_those(ErrorKind reason, const std::function<bool(const Task&)>& is_meant);

  /// The next task that is done and has not been returned yet; null if there is none.
  [[nodiscard]] Task* take_done() noexcept;

  /// The number of tasks that are not done.
  [[nodiscard]] std::size_t size() const noexcept { return running_.size(); }

 private:
  struct Running;
  using Times = std::set<std::pair<Clock::time_point, Running*>>;

  void tell_stops();
  void tell_stop(Running& running, ErrorKind reason);
  void tell_times();
  void tell_news(Running& running);
  void fail_transfers();
  void fail_transfer(Running& running);
  void release_held();
  void forget_hold(Running& running);
  void tell(Running& running, const Event& event);
  [[nodiscard]] Step ask(Running& running, const Event& event);
  void carry_out_or_hold(Running& running, Step step);
  void carry_out(Running& running, Step step);
  void set_time(Running& running, Clock::time_point until);
  void dequeue(Running& running) noexcept;
  void remove(Running& running) noexcept;

  Loop& loop_;
  std::vector<std::unique_ptr<Running>> running_;
  Times times_;  // at most one of each task
  std::vector<Running*> held_;
  std::vector<Task*> done_;
  std::vector<void*> news_;
  std::atomic<bool> stop_requested_ = false;
};

/// Performs one task to its end. Throws what it throws.
void run(Loop& loop, Task& task, const StopToken& stop);

}  // namespace rellama::http
