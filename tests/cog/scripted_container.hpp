#pragma once

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rellama/event_sink.hpp"
#include "rellama/prediction.hpp"
#include "support/scripted_tasks.hpp"

namespace rellama::test {

/// The answers to one kind of request, in order. The last one is repeated.
class Answers {
 public:
  Answers(std::vector<ScriptedAnswer> answers) : answers_(std::move(answers)) {}

  ScriptedAnswer next() {
    const std::size_t index = std::min(used_++, answers_.size() - 1);
    return answers_[index];
  }
  /// How many requests there were.
  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  std::vector<ScriptedAnswer> answers_;
  std::size_t used_ = 0;
};

/// The final object of a run.
inline std::string object_of(const std::vector<std::string>& pieces,
                             const std::string& status = "succeeded") {
  return nlohmann::json{{"status", status}, {"output", pieces}}.dump();
}

inline std::string event_of(const std::string& type, const std::string& data) {
  return "event: " + type + "\ndata: " + data + "\n\n";
}

/// The events of a run that writes `pieces`, up to the final object.
inline std::string events_of(const std::vector<std::string>& pieces) {
  std::string events = event_of("start", R"({"status":"processing"})") + ": keep-alive\n\n";
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    events += event_of("output", nlohmann::json{{"chunk", pieces[i]}, {"index", i}}.dump());
    events += event_of("log", R"({"source":"stdout","data":"."})");
  }
  return events;
}

inline ScriptedAnswer stream_answer(const std::string& events) {
  return answer(200, events, {{"content-type", "text/event-stream; charset=utf-8"}});
}

/// A whole run as an event stream.
inline ScriptedAnswer stream_of(const std::vector<std::string>& pieces) {
  return stream_answer(events_of(pieces) + event_of("completed", object_of(pieces)));
}

/// A response that is not an event stream.
inline ScriptedAnswer json_answer(int status, const std::string& body) {
  return answer(status, body, {{"content-type", "application/json"}});
}

inline ScriptedAnswer health_answer(const std::string& status) {
  return json_answer(200, nlohmann::json{{"status", status}, {"setup", {{"logs", "."}}}}.dump());
}

/// Plays a container for ScriptedTasks.
struct ScriptedContainer {
  Answers runs;
  Answers health{{health_answer("STARTING")}};
  Answers schemas{{json_answer(404, R"({"detail":"Not Found"})")}};
  Answers cancels{{json_answer(200, "{}")}};

  ScriptedAnswer answer(const ScriptedRequest& request) {
    const std::string_view url = request.request.url;
    if (url.ends_with("/health-check")) return health.next();
    if (url.ends_with("/openapi.json")) return schemas.next();
    if (url.ends_with("/cancel")) return cancels.next();
    return runs.next();
  }
};

/// Records the events of a run, and throws `error` instead of taking one of the kind `broken`.
class ContainerSink final : public EventSink {
 public:
  void prompt_fitted(const PromptFit& /*fit*/) override { take("fit"); }
  void created(const Prediction& prediction) override {
    take("created");
    id = prediction.id.value;
  }
  void status_changed(Status status) override { take(std::string(render_status(status))); }
  void output(std::string_view piece) override {
    take("output");
    text += piece;
  }
  void flush() override {
    if (broken == "flush") throw *error;
  }
  void done(const Prediction& /*prediction*/) override { take("done"); }

  std::string id;
  std::string text;
  std::vector<std::string> events;  ///< successive outputs count as one
  std::string broken;
  std::optional<Error> error;

 private:
  void take(const std::string& event) {
    if (event == broken) throw *error;
    if (events.empty() || events.back() != event) events.push_back(event);
  }
};

}  // namespace rellama::test
