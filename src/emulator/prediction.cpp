#include "emulator/prediction.hpp"

#include <algorithm>
#include <cmath>

#include "emulator/tokens.hpp"

namespace rellama::emulator {
namespace {

double seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

/// Nanoseconds between two tokens.
double interval(const Pace& pace) {
  return 1e9 / pace.token_rate;
}

Json output_json(const Prediction& prediction, const Progress& progress) {
  if (!prediction.script.whole_output.is_null()) {
    return progress.status == Status::succeeded ? prediction.script.whole_output : Json(nullptr);
  }
  if (progress.tokens == 0 && progress.status != Status::succeeded) return nullptr;
  if (prediction.cuts_characters) {
    return whole_characters(prediction.script.tokens, progress.tokens);
  }
  Json output = Json::array();
  for (std::size_t i = 0; i < progress.tokens; ++i) output.push_back(prediction.script.tokens[i]);
  return output;
}

Json logs_json(const Prediction& prediction, const Progress& progress) {
  if (!progress.started) {
    // As recorded: a prediction canceled before it ran has no logs.
    return is_terminal(progress.status) ? Json(nullptr) : Json("");
  }
  return prediction.script.logs;
}

Json metrics_json(const Prediction& prediction, const Progress& progress) {
  const double total = seconds(*progress.completed - prediction.created);
  Json metrics = Json::object();
  if (!progress.started) {
    metrics["total_time"] = total;
    return metrics;
  }
  // Never zero, so that a rate can be computed.
  const double predict = std::max(seconds(*progress.completed - *progress.started), 1e-6);
  metrics["input_token_count"] = prediction.script.input_tokens;
  metrics["output_token_count"] = progress.tokens;
  metrics["predict_time"] = predict;
  if (progress.tokens > 0) {
    const double first = seconds(prediction.time_of_token(0) - *progress.started);
    metrics["time_to_first_token"] = first;
    metrics["tokens_per_second"] = static_cast<double>(progress.tokens) / predict;
  }
  metrics["total_time"] = std::max(total, predict);
  return metrics;
}

Json urls_json(const Prediction& prediction, const std::string& origin) {
  const std::string get = origin + "/v1/predictions/" + prediction.id;
  Json urls = {{"cancel", get + "/cancel"}, {"get", get}};
  if (!prediction.stream_key.empty()) {
    urls["stream"] = origin + "/v1/streams/" + prediction.stream_key;
  }
  urls["web"] = "https://replicate.com/p/" + prediction.id;
  return urls;
}

}  // namespace

Clock::time_point Prediction::time_of_token(std::size_t index) const {
  if (pace.token_rate <= 0) return ready();
  return ready() + std::chrono::nanoseconds(static_cast<std::int64_t>(
                       std::ceil(static_cast<double>(index + 1) * interval(pace))));
}

WallTime Prediction::wall(Clock::time_point time) const {
  return created_wall + std::chrono::duration_cast<std::chrono::microseconds>(time - created);
}

Clock::time_point Prediction::natural_end() const {
  return script.tokens.empty() || script.outcome == Status::aborted
             ? ready()
             : time_of_token(script.tokens.size() - 1);
}

std::size_t Prediction::tokens_by(Clock::time_point now) const {
  if (now < ready()) return 0;
  if (pace.token_rate <= 0) return script.tokens.size();
  const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(now - ready()).count();
  const double count = std::floor(static_cast<double>(since) / interval(pace));
  return static_cast<std::size_t>(std::min(count, static_cast<double>(script.tokens.size())));
}

std::optional<Clock::time_point> Prediction::stopped() const {
  std::optional<Clock::time_point> stop = canceled;
  if (cancel_after)
    stop = std::min(stop.value_or(created + *cancel_after), created + *cancel_after);
  if (stop && *stop >= natural_end()) stop.reset();
  return stop;
}

Progress Prediction::at(Clock::time_point now) const {
  Progress progress;
  const auto stop = stopped();
  const Clock::time_point end = stop.value_or(natural_end());
  if (now >= ready() && end >= ready() && script.outcome != Status::aborted) {
    progress.started = ready();
  }
  if (now < end) {
    progress.status = progress.started ? Status::processing : Status::starting;
    progress.tokens = tokens_by(now);
    return progress;
  }
  progress.completed = end;
  progress.removed = now >= end + retention;
  if (!stop) {
    progress.status = script.outcome;
    progress.tokens = script.tokens.size();
  } else {
    // Past its deadline before it started: aborted, not canceled (docs/protocol.md §2).
    const bool by_deadline = !canceled || *canceled > *stop;
    progress.status = by_deadline && !progress.started ? Status::aborted : Status::canceled;
    progress.tokens = tokens_by(*stop);
  }
  return progress;
}

std::optional<Clock::time_point> Prediction::next_change(Clock::time_point now) const {
  if (now >= end()) return std::nullopt;
  if (now < ready()) return std::min(ready(), end());
  return std::min(time_of_token(tokens_by(now)), end());
}

Clock::time_point Prediction::end() const {
  return stopped().value_or(natural_end());
}

Json prediction_json(const Prediction& prediction, const Progress& progress, View view,
                     const std::string& origin) {
  const Progress nothing;
  const Progress& seen = view == View::created ? nothing : progress;
  const bool finished = is_terminal(seen.status) && view == View::current;
  Json json = {{"id", prediction.id},
               {"model", prediction.model},
               {"version", prediction.version},
               {"input", seen.removed ? Json::object() : prediction.input},
               {"logs", seen.removed ? Json(nullptr) : logs_json(prediction, seen)},
               {"output", seen.removed ? Json(nullptr) : output_json(prediction, seen)},
               {"data_removed", seen.removed},
               {"error", nullptr},
               {"source", "api"},
               {"status", name_of(view == View::lagging ? Status::processing : seen.status)},
               {"created_at", time_text(prediction.created_wall)}};
  if (finished && seen.status == Status::failed) json["error"] = prediction.script.error;
  if (seen.started) json["started_at"] = time_text(prediction.wall(*seen.started));
  if (finished) {
    json["completed_at"] = time_text(prediction.wall(*seen.completed));
    json["metrics"] = metrics_json(prediction, seen);
  }
  if (prediction.cancel_after) {
    json["deadline"] = time_text(prediction.created_wall + *prediction.cancel_after);
  }
  if (!prediction.deployment.empty()) json["deployment"] = prediction.deployment;
  if (!prediction.webhook.is_null()) json["webhook"] = prediction.webhook;
  json["urls"] = urls_json(prediction, origin);
  return json;
}

}  // namespace rellama::emulator
