#pragma once

#include <string_view>

#include "rellama/prediction.hpp"
#include "rellama/transcript.hpp"

namespace rellama {

/// Takes what comes out of a running prediction, in order, on the thread that follows it. A sink
/// that throws stops the run: the prediction is cancelled and the exception goes on to the caller.
class EventSink {
 public:
  virtual ~EventSink() = default;

  /// How the conversation went into what the model can read. Called once, first, and only for one.
  virtual void prompt_fitted(const PromptFit& /*fit*/) {}
  /// The server has taken the prediction. Called once, before all that follows.
  virtual void created(const Prediction& /*prediction*/) {}
  /// The status changed.
  virtual void status_changed(Status /*status*/) {}
  /// New text, never the same twice; whole UTF-8 characters as far as the model sent such. What is
  /// not text (files, other JSON) comes with `done` alone.
  virtual void output(std::string_view text) = 0;
  /// All that has arrived so far has been handed over: the moment to write it out. For the last
  /// text `done` is that moment.
  virtual void flush() {}
  /// The prediction is over. Called last, once, with the final object.
  virtual void done(const Prediction& /*prediction*/) {}
};

}  // namespace rellama
