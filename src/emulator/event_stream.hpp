#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/body_stream.hpp"
#include "emulator/faults.hpp"
#include "emulator/prediction_store.hpp"

namespace rellama::emulator {

/// Numbers events `<epoch seconds>:<index>`, the index starting anew each second: docs/protocol.md
/// §5. The same events get the same ids in every connection.
class EventIds {
 public:
  [[nodiscard]] std::string next(WallTime time);

 private:
  std::int64_t second_ = 0;
  std::int64_t index_ = 0;
};

/// The server-sent events of one connection to a prediction's stream: what has been said so far,
/// then what is being said.
class EventStream final : public BodyStream {
 public:
  /// `last_event_id` is where the reader left off, or "".
  EventStream(const PredictionStore& store, PredictionPtr prediction, std::string last_event_id,
              std::chrono::milliseconds timeout, std::optional<Fault> fault);

  [[nodiscard]] Part next(Clock::duration patience) override;
  [[nodiscard]] bool byte_by_byte() const override;

 private:
  [[nodiscard]] bool has(FaultKind kind) const { return fault_ && fault_->kind == kind; }
  /// After how many tokens of this connection the fault strikes, if it does so.
  [[nodiscard]] std::optional<std::size_t> strikes_at() const;
  [[nodiscard]] bool is_struck() const;
  void say_output(std::string& out, std::size_t until);
  void say_event(std::string& out, std::string_view name, const std::string& id,
                 std::string_view data) const;
  void say_line(std::string& out, std::string_view text) const;
  [[nodiscard]] Part strike();
  [[nodiscard]] Part finish(const Progress& progress);

  const PredictionStore& store_;
  PredictionPtr prediction_;
  std::string skip_until_;  ///< the id of the last event the reader knows
  std::chrono::milliseconds timeout_;
  std::optional<Fault> fault_;
  EventIds ids_;
  std::size_t said_ = 0;  ///< tokens, those the reader knew included
  std::size_t sent_ = 0;  ///< tokens of this connection
  bool greeted_ = false;
  Clock::time_point last_word_;
};

}  // namespace rellama::emulator
