#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::replicate {

/// Tracks the position of an event stream in the output text, across reconnections. A server asked
/// to resume after an event may do so, start over, or start somewhere in between (docs/protocol.md
/// §5). Repeated events are recognized by their IDs, and compared with the text known already.
/// Events with unknown IDs, or none after some with IDs, whose text is the same as that from the
/// beginning may be a replay or a text that repeats itself: while that is open, they are held back,
/// and if it stays open, the object decides.
class StreamPosition {
 public:
  /// Call this before reopening the stream.
  void reopen();

  /// Processes the text of one event. `known` is all text known so far, from this stream or from
  /// polls. Returns the part of `data` that continues `known`, or nullopt if the event contradicts
  /// it: the stream is then unusable.
  [[nodiscard]] std::optional<std::string_view> take(std::string_view id, std::string_view data,
                                                     std::string_view known);

  /// Whether so much was held back that it is better to read the object. Until then the stream is
  /// read to its end, because the object may lack a part of what it delivers.
  [[nodiscard]] bool holds_too_much() const noexcept;

  /// Whether events were held back that are not in `whole`, the output as it was stored: neither as
  /// a replay of its beginning, nor where the stream broke, nor as its end.
  [[nodiscard]] bool holds_more_than(std::string_view whole) const noexcept;

  /// The ID of the last event that had one, for `Last-Event-ID`; empty if none had.
  [[nodiscard]] const std::string& last_id() const noexcept { return last_id_; }

  /// The number of events processed.
  [[nodiscard]] std::size_t event_count() const noexcept { return event_count_; }

 private:
  struct Event {
    std::size_t id_hash;
    std::size_t begin;  // offset of its text in the output
  };

  [[nodiscard]] std::optional<std::string_view> take_suspect(std::string_view id,
                                                             std::string_view data,
                                                             std::string_view known);
  [[nodiscard]] std::optional<std::string_view> advance(std::string_view id, std::string_view data,
                                                        std::string_view known);
  void remember(std::string_view id, std::size_t begin);
  [[nodiscard]] std::optional<std::size_t> find_begin(std::string_view id) const;

  // As many events as a server can be expected to repeat if it does not start over.
  static constexpr std::size_t kMaxRemembered = 4096;

  std::size_t at_ = 0;  // byte offset in the output
  std::size_t event_count_ = 0;
  bool may_repeat_ = false;  // whether the next event may have been received before
  bool is_certain_ =
      true;  // whether `at_` is: it is 0, or an ID was recognized, or the text was new
  bool is_suspect_ = false;  // whether the events since the stream was reopened may be a replay
  std::string held_;         // the text of those events
  std::string last_id_;
  std::size_t last_id_end_ = 0;  // where the text of the event `last_id_` ends
  // The first event that had an ID, then a ring buffer of the latest ones.
  std::vector<Event> remembered_;
  std::size_t remembered_count_ = 0;
};

}  // namespace rellama::replicate
