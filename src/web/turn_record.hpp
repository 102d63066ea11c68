#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "history/turn.hpp"
#include "web/conversations.hpp"

namespace rellama::web {

/// Records one answer while it arrives. What cannot be written because another process is writing
/// stays here until it can. Used on the engine's thread.
class TurnRecord {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `conversations` must outlive this.
  TurnRecord(Conversations& conversations, RecordedTurn turn)
      : conversations_(conversations), turn_(turn) {}

  [[nodiscard]] const RecordedTurn& turn() const noexcept { return turn_; }

  void set_prediction(std::string id) { prediction_ = std::move(id); }
  void append(std::string_view text) { text_ += text; }
  void end(history::TurnEnd end) { end_ = std::move(end); }

  /// Writes what there is, if it is time. Returns when to be called again; `Time::max()` if
  /// everything is written.
  [[nodiscard]] Time write(Time now);
  [[nodiscard]] bool is_written() const noexcept { return !prediction_ && text_.empty() && !end_; }
  /// Why the last attempt to write failed; empty if it did not.
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

 private:
  Conversations& conversations_;
  const RecordedTurn turn_;
  std::optional<std::string> prediction_ = {};
  std::string text_;
  std::optional<history::TurnEnd> end_ = {};
  Time next_ = {};
  std::string failure_;
};

}  // namespace rellama::web
