#include "replicate/stream_reader.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "wire/problem_json.hpp"

namespace rellama::replicate {
namespace {

using http::Clock;
using http::Event;
using std::chrono::milliseconds;
using How = StreamEnd::How;

// A server that starts its stream within this time is expected to answer the next request as fast.
constexpr milliseconds kNear{20};

// A long stream that is faster than this is read in batches: waking up for every few tokens would
// cost more than the tokens, and nobody notices a millisecond. For 64,000 tokens at 20,000 per
// second this saves 69% of the CPU time (docs/performance.md).
constexpr std::size_t kLongStream = 2'000;  // events
constexpr std::size_t kFastStream = 10;     // events a millisecond
constexpr milliseconds kGulp{1};

// A gateway that cannot reach the stream's server right now, or is overloaded.
bool is_temporary(int status) {
  return status >= 500 || status == 429 || status == 408;
}

}  // namespace

StreamReader::StreamReader(ShownOutput& shown, StreamPosition& position, const PredictionId& id,
                           Clock::time_point opened)
    : shown_(shown),
      position_(position),
      id_(id),
      opened_(opened),
      last_read_(opened),
      last_event_(opened) {}

std::optional<StreamEnd> StreamReader::take(const Event& event) {
  if (!recognized_) {
    if (auto end = read_head(event)) return end;
  }
  const std::size_t events_before = position_.event_count();
  parser_.feed(event.bytes);
  if (auto end = read_events()) return end;
  const std::size_t events = position_.event_count() - events_before;
  if (events > 0) last_event_ = event.now;
  const auto elapsed = static_cast<std::size_t>((event.now - last_read_) / milliseconds{1}) + 1;
  const bool is_fast = position_.event_count() > kLongStream && events > kFastStream * elapsed;
  rest_ = is_fast ? kGulp : Clock::duration{};
  last_read_ = event.now;
  return std::nullopt;
}

std::optional<StreamEnd> StreamReader::read_head(const Event& event) {
  if (event.head->status != 200 || !http::is_event_stream(event.head->headers)) {
    return StreamEnd{is_temporary(event.head->status) ? How::broken : How::unusable,
                     "the server answered " + std::to_string(event.head->status)};
  }
  recognized_ = true;
  is_near_ = event.now - opened_ < kNear;
  return std::nullopt;
}

std::optional<StreamEnd> StreamReader::read_events() {
  while (const auto item = parser_.next()) {
    if (item->kind == wire::SseItem::Kind::comment) {
      if (item->data.starts_with("408")) return StreamEnd{How::broken, "it timed out"};
    } else if (item->type == "output") {
      shown_.add_status(Status::processing);
      const auto fresh = position_.take(item->id, item->data, shown_.text());
      if (!fresh) return StreamEnd{How::unusable, "it contradicts the output received before"};
      shown_.add_piece(item->data, *fresh, id_);
      if (position_.holds_too_much()) {
        return StreamEnd{How::unusable, "it may have started over"};
      }
    } else if (item->type == "error") {
      // The documentation says JSON, but that cannot be relied on.
      error_ = wire::render_problem(wire::parse_problem(item->data));
    } else if (item->type == "done") {
      return StreamEnd{.how = How::done};
    }
  }
  return std::nullopt;
}

}  // namespace rellama::replicate
