#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "rellama/event_sink.hpp"

namespace rellama::terminal {

/// Passes every event to several sinks, in the order they were added. If one throws, those after it
/// do not get the event. The sinks must outlive the list.
class SinkList final : public EventSink {
 public:
  void add(EventSink& sink) { sinks_.emplace_back(sink); }

  void prompt_fitted(const PromptFit& fit) override {
    for (EventSink& sink : sinks_) sink.prompt_fitted(fit);
  }
  void created(const Prediction& prediction) override {
    for (EventSink& sink : sinks_) sink.created(prediction);
  }
  void status_changed(Status status) override {
    for (EventSink& sink : sinks_) sink.status_changed(status);
  }
  void output(std::string_view text) override {
    for (EventSink& sink : sinks_) sink.output(text);
  }
  void flush() override {
    for (EventSink& sink : sinks_) sink.flush();
  }
  void done(const Prediction& prediction) override {
    for (EventSink& sink : sinks_) sink.done(prediction);
  }

 private:
  std::vector<std::reference_wrapper<EventSink>> sinks_;
};

}  // namespace rellama::terminal
