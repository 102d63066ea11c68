#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "history/store.hpp"
#include "history/turn.hpp"
#include "rellama/error.hpp"

namespace rellama::history {

/// Writes turns, one after another, on a thread of its own: no answer waits for a disk, but for its
/// end. What has arrived is written within a second. A history that cannot be used is no error of
/// an answer: its turn is not kept.
class Recorder {
 public:
  explicit Recorder(std::filesystem::path file) : file_(std::move(file)) {}
  /// Waits until everything is written.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void begin(NewTurn turn);
  void append(std::string_view output);
  /// Ends the turn that began last and waits until it is written; gives its name, or nothing if it
  /// is not kept.
  std::optional<TurnId> end(TurnEnd end);
  /// Makes a turn the one where its conversation goes on; number 0: at its beginning.
  void go_to(const TurnId& id);

  /// Why something is not kept, if it is not, since this was asked last.
  [[nodiscard]] std::optional<Error> take_failure();

 private:
  struct Work {
    std::optional<NewTurn> begin = {};
    std::string output = {};
    std::optional<TurnEnd> end = {};
    std::optional<TurnId> go_to = {};

    [[nodiscard]] bool is_urgent() const { return begin || end || go_to; }
    [[nodiscard]] bool empty() const { return !is_urgent() && output.empty(); }
  };

  void add(const std::unique_lock<std::mutex>& lock);
  void run();
  void write(Work& work);

  const std::filesystem::path file_;

  std::mutex mutex_;  // guards these
  Work work_;
  bool closing_ = false;
  bool is_idle_ = true;
  std::optional<TurnId> written_;  // the turn that began last
  std::optional<Error> failure_;
  std::condition_variable has_work_;
  std::condition_variable has_written_;

  std::optional<Store> store_;  // of the thread only
  std::optional<TurnId> turn_;
  std::thread thread_;
};

}  // namespace rellama::history
