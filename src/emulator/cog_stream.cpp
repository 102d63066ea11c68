#include "emulator/cog_stream.hpp"

#include <algorithm>

namespace rellama::emulator {
namespace {

/// How many events a client loses that reads too slowly.
constexpr std::size_t kLostEvents = 3;

void append_event(std::string& out, std::string_view event, const Json& data) {
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
                     std::optional<Fault> fault)
    : store_(store), prediction_(std::move(prediction)), fault_(fault) {}

void CogStream::on_change(std::function<void()> changed) {
  subscription_ = store_.on_cancel(*prediction_, std::move(changed));
}

bool CogStream::is_fault_due() const {
  return fault_ && fault_->kind != FaultKind::ok &&
         position_ >= static_cast<std::size_t>(fault_->at.value_or(0));
}

CogStream::Part CogStream::fail() {
  switch (fault_->kind) {
    case FaultKind::cut: return {.after = After::broken};
    case FaultKind::end: return {.after = After::end};
    case FaultKind::stall: return {};  // for good
    default: break;
  }
  fault_.reset();
  Part part;
  const std::size_t lost = std::min(kLostEvents, prediction_->script.tokens.size() - position_);
  append_event(part.bytes, "error", {{"error", "the reader is too slow"}, {"skipped", lost}});
  position_ += lost;
  return part;
}

CogStream::Part CogStream::first_part() {
  started_ = true;
  Part part;
  append_event(part.bytes, "start", {{"id", prediction_->id}, {"status", "processing"}});
  append_event(part.bytes, "log", {{"source", "stdout"}, {"data", "ready\n"}});
  return part;
}

void CogStream::append_chunks(std::string& out, std::size_t until) {
  for (; position_ < until && out.size() < kLargestPart && !is_fault_due(); ++position_) {
    append_event(out, "output",
                 {{"chunk", prediction_->script.tokens[position_]}, {"index", position_}});
  }
}

CogStream::Part CogStream::next() {
  if (!started_) return first_part();
  if (is_fault_due()) return fail();
  const Clock::time_point now = Clock::now();
  const Progress progress = store_.progress(*prediction_, now);
  Part part;
  if (progress.tokens > position_) {
    append_chunks(part.bytes, progress.tokens);
  } else if (is_terminal(progress.status)) {
    append_event(part.bytes, "metric", {{"name", "token_count"}, {"value", position_}});
    append_event(part.bytes, "completed", container_prediction(*prediction_, progress));
    part.after = After::end;
  } else {
    part.again = store_.next_change(*prediction_, now);
  }
  return part;
}

}  // namespace rellama::emulator
