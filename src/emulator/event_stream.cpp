#include "emulator/event_stream.hpp"

#include <algorithm>

namespace rellama::emulator {
namespace {

std::int64_t epoch_seconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// Whether one of the first `tokens` events has this ID.
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
      last_output_(Clock::now()) {
  const std::size_t tokens = store_.progress(*prediction_).tokens;
  // After an unknown ID, the stream is replayed from the start.
  if (!skip_until_.empty() && !is_known(*prediction_, tokens, skip_until_)) skip_until_.clear();
}

void EventStream::on_change(std::function<void()> changed) {
  subscription_ = store_.on_cancel(*prediction_, std::move(changed));
}

bool EventStream::byte_by_byte() const {
  return has(FaultKind::bytes);
}

std::optional<std::size_t> EventStream::tokens_before_fault() const {
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

bool EventStream::is_fault_due() const {
  const auto tokens = tokens_before_fault();
  return tokens && sent_ >= *tokens;
}

void EventStream::append_line(std::string& out, std::string_view text) const {
  out.append(text).append(has(FaultKind::crlf) ? "\r\n" : "\n");
}

void EventStream::append_event(std::string& out, std::string_view name, const std::string& id,
                               std::string_view data) const {
  append_line(out, "event: " + std::string(name));
  if (!id.empty() && !has(FaultKind::no_ids)) append_line(out, "id: " + id);
  // A line break in the data starts another data line. CR cannot be sent as such.
  while (true) {
    const std::size_t end = data.find_first_of("\r\n");
    const std::string_view line = data.substr(0, end);
    append_line(out, line.empty() ? "data:" : "data: " + std::string(line));
    if (end == std::string_view::npos) break;
    const bool pair = data.substr(end).starts_with("\r\n");
    data.remove_prefix(end + (pair ? 2 : 1));
  }
  append_line(out, "");
}

void EventStream::append_output(std::string& out, std::size_t until) {
  for (; position_ < until && out.size() < kLargestPart && !is_fault_due(); ++position_) {
    const std::string id = ids_.next(prediction_->wall(prediction_->time_of_token(position_)));
    if (!skip_until_.empty()) {
      if (id == skip_until_) skip_until_.clear();
      continue;
    }
    append_event(out, "output", id, prediction_->script.tokens[position_]);
    ++sent_;
  }
}

EventStream::Part EventStream::first_part() {
  started_ = true;
  Part part;
  append_line(part.bytes, ": hi");
  append_line(part.bytes, "");
  return part;
}

EventStream::Part EventStream::fail() {
  switch (fault_->kind) {
    case FaultKind::cut: return {.after = After::broken};
    case FaultKind::end: return {.after = After::end};
    case FaultKind::error:
    case FaultKind::plain_error: {
      const WallTime now = prediction_->wall(Clock::now());
      const std::string text = "The stream was interrupted";
      Part part{.after = After::end};
      append_event(part.bytes, "error", ids_.next(now),
                   has(FaultKind::error) ? Json({{"detail", text}}).dump() : text);
      append_event(part.bytes, "done", ids_.next(now), R"({"reason":"error"})");
      return part;
    }
    default: return {};
  }
}

EventStream::Part EventStream::finish(const Progress& progress) {
  const WallTime time = prediction_->wall(*progress.completed);
  Part part{.after = After::end};
  switch (progress.status) {
    case Status::failed:
      append_event(part.bytes, "error", ids_.next(time),
                   Json({{"detail", prediction_->script.error}}).dump());
      append_event(part.bytes, "done", ids_.next(time), R"({"reason":"error"})");
      break;
    case Status::canceled:
    case Status::aborted:
      append_event(part.bytes, "done", ids_.next(time), R"({"reason":"canceled"})");
      break;
    default: append_event(part.bytes, "done", ids_.next(time), "{}"); break;
  }
  return part;
}

EventStream::Part EventStream::time_out() const {
  Part part{.after = After::end};
  append_line(part.bytes, ":408: 408 Request Timeout");
  append_line(part.bytes, "");
  return part;
}

EventStream::Part EventStream::next() {
  if (!started_) return first_part();
  const Clock::time_point now = Clock::now();
  const Clock::time_point timeout = has(FaultKind::timeout) ? now : last_output_ + timeout_;
  const Progress progress = store_.progress(*prediction_, now);
  // A stream that stalls, or whose data was removed, only waits for its timeout.
  const bool silent =
      has(FaultKind::timeout) || progress.removed || (has(FaultKind::stall) && is_fault_due());
  if (!silent) {
    if (is_fault_due()) return fail();
    if (progress.tokens > position_) {
      Part part;
      append_output(part.bytes, progress.tokens);
      last_output_ = now;
      if (!part.bytes.empty()) return part;  // the client may have all of it
    }
    if (is_terminal(progress.status)) return finish(progress);
  }
  if (now >= timeout) return time_out();
  if (silent) return {.again = timeout};
  return {.again = std::min(store_.next_change(*prediction_, now).value_or(timeout), timeout)};
}

}  // namespace rellama::emulator
