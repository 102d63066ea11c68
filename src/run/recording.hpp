#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "history/recorder.hpp"
#include "history/turn.hpp"
#include "options/context.hpp"
#include "options/history_options.hpp"
#include "options/output_options.hpp"
#include "rellama/error.hpp"
#include "rellama/event_sink.hpp"

namespace rellama::program {

class Recording;

/// Records one turn of a conversation while its answer arrives. Writing happens on the recorder's
/// own thread, so the answer never waits for it.
class TurnSink final : public EventSink {
 public:
  TurnSink(Recording& recording, history::NewTurn turn);

  void created(const Prediction& prediction) override;
  void output(std::string_view text) override { new_text_ += text; }
  void flush() override;
  void done(const Prediction& prediction) override;

  /// Records how the run ended. Does nothing if it never started.
  void end(const Prediction& prediction);
  /// Records that the answer was cut short.
  void end(const Error& error);

 private:
  Recording& recording_;
  history::NewTurn turn_;
  std::string new_text_;
  bool has_text_ = false;
  bool is_open_ = false;  // begun in the history, and not ended yet
};

/// Records answers in the history. If that fails, a warning is printed and the answer goes on.
class Recording {
 public:
  enum class Warnings { shown, hidden };

  /// Records nothing if `enabled` is false or there is no home directory. The context must
  /// outlive this.
  Recording(bool enabled, Warnings warnings, const Context& context);

  /// The sink that records `turn`; null if nothing is recorded. It must not outlive this.
  [[nodiscard]] std::unique_ptr<TurnSink> start(history::NewTurn turn);

  /// Records that a prediction was started and left running.
  void record_detached(history::NewTurn turn, const Prediction& prediction);

  /// The last turn recorded completely, if there is one.
  [[nodiscard]] const std::optional<history::TurnId>& last_turn() const noexcept { return last_; }

  /// Makes `id` the turn that its conversation continues from.
  void set_position(const history::TurnId& id);

 private:
  friend class TurnSink;

  void finish(const history::TurnEnd& end);

  std::optional<history::Recorder> recorder_;
  Warnings warnings_;
  const Context& context_;
  std::optional<history::TurnId> last_;
};

/// Gives the turn that was left running with this prediction its answer, if the prediction has
/// ended. Ignores errors: the answer has been shown.
void complete_recorded(const Prediction& prediction, const Context& context) noexcept;

/// The recording that the options ask for. The demo is never recorded.
[[nodiscard]] Recording open_recording(const HistoryOptions& history, const OutputOptions& output,
                                       bool demo, const Context& context);

}  // namespace rellama::program
