#pragma once

#include <optional>

#include "history/recorder.hpp"
#include "history/turn.hpp"
#include "options/context.hpp"
#include "run/answer.hpp"

namespace rellama::program {

/// Keeps answers in the history while they come. That one cannot be kept is told, and harms nobody.
class Recording {
 public:
  enum class Warnings { told, silent };

  /// Without a place for the history nothing is kept. The context must outlive this.
  Recording(bool keeps, Warnings warnings, const Context& context);

  /// `bring_home` with its turn kept; what is not known of that before is filled in. The function
  /// must not outlive this.
  [[nodiscard]] BringHome keep(history::NewTurn turn, BringHome bring_home);

  /// Keeps that a prediction was started, whoever follows it.
  void keep_started(history::NewTurn turn, const Prediction& prediction);

  /// What the history calls the last answer; nothing if it is not kept.
  [[nodiscard]] const std::optional<history::TurnId>& kept() const noexcept { return kept_; }

  /// Makes a turn the one where its conversation goes on.
  void go_to(const history::TurnId& id);

 private:
  void end(const history::TurnEnd& end);

  std::optional<history::Recorder> recorder_;
  Warnings warnings_;
  const Context& context_;
  std::optional<history::TurnId> kept_;
};

}  // namespace rellama::program
