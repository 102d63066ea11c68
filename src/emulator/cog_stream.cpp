#include "emulator/cog_stream.hpp"

#include <algorithm>

namespace rellama::emulator {
namespace {

constexpr std::size_t kLargestPart = 64 * 1024;

/// How many events a reader loses that lags.
constexpr std::size_t kLost = 3;

void say(std::string& out, std::string_view event, const Json& data) {
  out.append("event: ").append(event).append("\ndata: ");
  out.append(data.dump(-1, ' ', false, Json::error_handler_t::replace)).append("\n\n");
}

}  // namespace

Json container_prediction(const Prediction& prediction, const Progress& progress) {
  Json json = prediction_json(prediction, progress, View::current, "");
  for (const char* name : {"model", "data_removed", "source", "urls", "version"}) json.erase(name);
  return json;
}

CogStream::CogStream(const PredictionStore& store, PredictionPtr prediction,
                     std::chrono::milliseconds keep_alive, std::optional<Fault> fault)
    : store_(store), prediction_(std::move(prediction)), keep_alive_(keep_alive), fault_(fault) {}

bool CogStream::is_struck() const {
  return fault_ && fault_->kind != FaultKind::ok &&
         said_ >= static_cast<std::size_t>(fault_->at.value_or(0));
}

BodyStream::Part CogStream::strike() {
  const Fault fault = *std::exchange(fault_, std::nullopt);
  switch (fault.kind) {
    case FaultKind::cut: return {"", After::broken};
    case FaultKind::end: return {"", After::end};
    case FaultKind::stall: store_.pause(std::chrono::hours(1)); return {"", After::broken};
    default: break;
  }
  Part part;
  const std::size_t lost = std::min(kLost, prediction_->script.tokens.size() - said_);
  say(part.bytes, "error", {{"error", "the reader is too slow"}, {"skipped", lost}});
  said_ += lost;
  return part;
}

void CogStream::say_chunks(std::string& out, std::size_t until) {
  for (; said_ < until && out.size() < kLargestPart && !is_struck(); ++said_) {
    say(out, "output", {{"chunk", prediction_->script.tokens[said_]}, {"index", said_}});
  }
}

BodyStream::Part CogStream::next(Clock::duration patience) {
  Part part;
  if (!started_) {
    started_ = true;
    say(part.bytes, "start", {{"id", prediction_->id}, {"status", "processing"}});
    say(part.bytes, "log", {{"source", "stdout"}, {"data", "ready\n"}});
    return part;
  }
  if (is_struck()) return strike();
  const auto progress = store_.wait(
      *prediction_, said_, Clock::now() + std::min<Clock::duration>(patience, keep_alive_));
  if (!progress) return {"", After::broken};
  if (progress->tokens > said_) {
    say_chunks(part.bytes, progress->tokens);
  } else if (is_terminal(progress->status)) {
    say(part.bytes, "metric", {{"name", "token_count"}, {"value", said_}});
    say(part.bytes, "completed", container_prediction(*prediction_, *progress));
    part.after = After::end;
  }
  return part;
}

}  // namespace rellama::emulator
