#pragma once

#include <string_view>

#include "rellama/prediction.hpp"
#include "rellama/transcript.hpp"

namespace rellama {

/// Receives the events of a running prediction in order, on the thread that follows it. If a sink
/// throws, the run stops: the prediction is canceled and the exception reaches the caller.
class EventSink {
 public:
  virtual ~EventSink() = default;

  /// How the conversation was fitted into the context window. Called once, before all other events,
  /// and only for conversations.
  virtual void prompt_fitted(const PromptFit& /*fit*/) {}
  /// The server accepted the prediction. Called once, before the events below.
  virtual void created(const Prediction& /*prediction*/) {}
  /// The status changed.
  virtual void status_changed(Status /*status*/) {}
  /// New text; no text is delivered twice. It ends at a character boundary if the model sent valid
  /// UTF-8. Output that is not text (files, other JSON) arrives only with `done`.
  virtual void output(std::string_view text) = 0;
  /// All text received so far has been delivered: write it out now. For the last text, `done` is
  /// called instead.
  virtual void flush() {}
  /// Whether it can take no more for now. The run then waits: what the server sends is not read until
  /// this is false again, and the sink was asked again because of `Client::wake`.
  [[nodiscard]] virtual bool is_full() const { return false; }
  /// The prediction ended. Called once, last, with the final prediction.
  virtual void done(const Prediction& /*prediction*/) {}
};

}  // namespace rellama
