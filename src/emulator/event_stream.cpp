#include "emulator/event_stream.hpp"

#include <algorithm>

namespace rellama::emulator {
namespace {

constexpr std::size_t kLargestPart = 64 * 1024;

std::int64_t epoch_seconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// Where a reader was last, read as a place in the stream rather than as a text: unknown ids replay
/// from the start.
bool is_known(const Prediction& prediction, std::size_t tokens, const std::string& id) {
  EventIds ids;
  for (std::size_t i = 0; i < tokens; ++i) {
    if (ids.next(prediction.wall(prediction.time_of_token(i))) == id) return true;
  }
  return false;
}

}  // namespace

std::string EventIds::next(WallTime time) {
  const std::int64_t second = epoch_seconds(time);
  if (second != second_) {
    second_ = second;
    index_ = 0;
  }
  return std::to_string(second) + ":" + std::to_string(index_++);
}

EventStream::EventStream(const PredictionStore& store, PredictionPtr prediction,
                         std::string last_event_id, std::chrono::milliseconds timeout,
                         std::optional<Fault> fault)
    : store_(store),
      prediction_(std::move(prediction)),
      skip_until_(std::move(last_event_id)),
      timeout_(timeout),
      fault_(fault),
      last_word_(Clock::now()) {
  const std::size_t tokens = store_.progress(*prediction_).tokens;
  if (!skip_until_.empty() && !is_known(*prediction_, tokens, skip_until_)) skip_until_.clear();
}

bool EventStream::byte_by_byte() const {
  return has(FaultKind::bytes);
}

std::optional<std::size_t> EventStream::strikes_at() const {
  if (!fault_) return std::nullopt;
  switch (fault_->kind) {
    case FaultKind::cut:
    case FaultKind::end:
    case FaultKind::stall:
    case FaultKind::error:
    case FaultKind::plain_error: return static_cast<std::size_t>(fault_->at.value_or(0));
    default: return std::nullopt;
  }
}

void EventStream::say_line(std::string& out, std::string_view text) const {
  out.append(text).append(has(FaultKind::crlf) ? "\r\n" : "\n");
}

void EventStream::say_event(std::string& out, std::string_view name, const std::string& id,
                            std::string_view data) const {
  say_line(out, "event: " + std::string(name));
  if (!id.empty() && !has(FaultKind::no_ids)) say_line(out, "id: " + id);
  // A line end inside of the data begins a new data line; CR cannot travel as such.
  while (true) {
    const std::size_t end = data.find_first_of("\r\n");
    const std::string_view line = data.substr(0, end);
    say_line(out, line.empty() ? "data:" : "data: " + std::string(line));
    if (end == std::string_view::npos) break;
    const bool pair = data.substr(end).starts_with("\r\n");
    data.remove_prefix(end + (pair ? 2 : 1));
  }
  say_line(out, "");
}

bool EventStream::is_struck() const {
  const auto strike_at = strikes_at();
  return strike_at && sent_ >= *strike_at;
}

void EventStream::say_output(std::string& out, std::size_t until) {
  for (; said_ < until && out.size() < kLargestPart && !is_struck(); ++said_) {
    const std::string id = ids_.next(prediction_->wall(prediction_->time_of_token(said_)));
    if (!skip_until_.empty()) {
      if (id == skip_until_) skip_until_.clear();
      continue;
    }
    say_event(out, "output", id, prediction_->script.tokens[said_]);
    ++sent_;
  }
}

EventStream::Part EventStream::strike() {
  switch (fault_->kind) {
    case FaultKind::cut: return {"", After::broken};
    case FaultKind::end: return {"", After::end};
    case FaultKind::error:
    case FaultKind::plain_error: {
      const WallTime now = prediction_->wall(Clock::now());
      const std::string text = "The stream was interrupted";
      Part part{"", After::end};
      say_event(part.bytes, "error", ids_.next(now),
                has(FaultKind::error) ? Json({{"detail", text}}).dump() : text);
      say_event(part.bytes, "done", ids_.next(now), R"({"reason":"error"})");
      return part;
    }
    default: return {};
  }
}

EventStream::Part EventStream::finish(const Progress& progress) {
  const WallTime time = prediction_->wall(*progress.completed);
  Part part{"", After::end};
  switch (progress.status) {
    case Status::failed:
      say_event(part.bytes, "error", ids_.next(time),
                Json({{"detail", prediction_->script.error}}).dump());
      say_event(part.bytes, "done", ids_.next(time), R"({"reason":"error"})");
      break;
    case Status::canceled:
    case Status::aborted:
      say_event(part.bytes, "done", ids_.next(time), R"({"reason":"canceled"})");
      break;
    default: say_event(part.bytes, "done", ids_.next(time), "{}"); break;
  }
  return part;
}

EventStream::Part EventStream::next(Clock::duration patience) {
  if (!greeted_) {
    greeted_ = true;
    Part part;
    say_line(part.bytes, ": hi");
    say_line(part.bytes, "");
    return part;
  }
  const Clock::time_point silence_ends = last_word_ + timeout_;
  const Clock::time_point deadline = std::min(Clock::now() + patience, silence_ends);
  // A stream that stalls, or whose data is gone, waits for a token that does not come.
  const bool silent =
      store_.progress(*prediction_).removed || (has(FaultKind::stall) && is_struck());

  if (!has(FaultKind::timeout) && !silent) {
    if (is_struck()) return strike();
    const auto progress = store_.wait(*prediction_, said_, deadline);
    if (!progress) return {"", After::broken};
    if (progress->tokens > said_) {
      Part part;
      say_output(part.bytes, progress->tokens);
      last_word_ = Clock::now();
      return part;
    }
    if (is_terminal(progress->status)) return finish(*progress);
  } else if (silent && !store_.pause(deadline - Clock::now())) {
    return {"", After::broken};
  }
  if (Clock::now() < silence_ends && !has(FaultKind::timeout)) return {};
  Part part{"", After::end};
  say_line(part.bytes, ":408: 408 Request Timeout");
  say_line(part.bytes, "");
  return part;
}

}  // namespace rellama::emulator
