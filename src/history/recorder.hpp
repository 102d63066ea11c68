#pragma once

#include <condition_variable>
#include <exception>
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

/// Records turns, one after another, on a thread of its own: an answer waits for the disk only at
/// its end. Text is written within a second. If the history cannot be used, the turn is not
/// recorded, which is not an error of the answer.
class Recorder {
 public:
  explicit Recorder(std::filesystem::path file) : file_(std::move(file)) {}
  /// Waits until everything is written.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void begin(NewTurn turn);
  void append(std::string_view output);
  /// Ends the current turn and waits until it is written. Returns its ID, or nothing if it is not
  /// recorded.
  std::optional<TurnId> end(TurnEnd end);
  /// Makes a turn the current one of its conversation; 0 is the beginning.
  void go_to(const TurnId& id);

  /// Why something was not recorded since the last call, if anything was not.
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

  std::mutex mutex_;  // guards the following
  Work work_;
  bool closing_ = false;
  bool is_idle_ = true;
  std::optional<TurnId> written_;  // the current turn
  std::exception_ptr failure_;
  std::condition_variable has_work_;
  std::condition_variable has_written_;

  std::optional<Store> store_;  // used only by the thread
  std::optional<TurnId> turn_;
  std::thread thread_;
};

}  // namespace rellama::history
