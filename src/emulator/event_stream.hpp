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

/// Numbers events `<epoch seconds>:<index>`. The index restarts each second (docs/protocol.md §5).
/// An event has the same ID in every connection.
class EventIds {
 public:
  [[nodiscard]] std::string next(WallTime time);

 private:
  std::int64_t second_ = 0;
  std::int64_t index_ = 0;
};

/// The server-sent events of one connection to a prediction's stream: the output so far, then the
/// output as it is made.
class EventStream final : public BodyStream {
 public:
  /// `last_event_id` is the ID after which the client resumes, or "".
  EventStream(const PredictionStore& store, PredictionPtr prediction, std::string last_event_id,
              std::chrono::milliseconds timeout, std::optional<Fault> fault);

  [[nodiscard]] Part next() override;
  void on_change(std::function<void()> changed) override;
  [[nodiscard]] bool byte_by_byte() const override;

 private:
  [[nodiscard]] bool has(FaultKind kind) const { return fault_ && fault_->kind == kind; }
  /// After how many tokens of this connection the fault occurs, if it depends on that.
  [[nodiscard]] std::optional<std::size_t> tokens_before_fault() const;
  [[nodiscard]] bool is_fault_due() const;
  void append_output(std::string& out, std::size_t until);
  void append_event(std::string& out, std::string_view name, const std::string& id,
                    std::string_view data) const;
  void append_line(std::string& out, std::string_view text) const;
  [[nodiscard]] Part first_part();
  [[nodiscard]] Part fail();
  [[nodiscard]] Part finish(const Progress& progress);
  [[nodiscard]] Part time_out() const;

  const PredictionStore& store_;
  PredictionPtr prediction_;
  PredictionStore::Subscription subscription_;
  std::string skip_until_;  ///< the ID of the last event that the client has
  std::chrono::milliseconds timeout_;
  std::optional<Fault> fault_;
  EventIds ids_;
  std::size_t position_ = 0;  ///< tokens of the prediction, including those skipped
  std::size_t sent_ = 0;      ///< tokens of this connection
  bool started_ = false;
  Clock::time_point last_output_;
};

}  // namespace rellama::emulator
