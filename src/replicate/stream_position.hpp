#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::replicate {

/// Where in the text of an answer its event stream stands, over all the connections it takes. A
/// server asked to go on behind an event may do so, begin again, or begin somewhere in between
/// (docs/protocol.md §5); what it repeats is known by the ids of the events, and compared with the
/// text that is known already.
class StreamPosition {
 public:
  /// The stream is opened again.
  void reopen();

  /// Takes the text of one event. `known` is all the text that is known by now, from this stream or
  /// from elsewhere. Gives the part of `data` that goes on behind `known`, or nothing if the event
  /// contradicts it: then the stream cannot be used any more.
  [[nodiscard]] std::optional<std::string_view> take(std::string_view id, std::string_view data,
                                                     std::string_view known);

  /// The id of the last event that had one, for `Last-Event-ID`; empty if none had.
  [[nodiscard]] const std::string& last_id() const noexcept { return last_id_; }

  /// How many events have been taken.
  [[nodiscard]] std::size_t event_count() const noexcept { return event_count_; }

 private:
  struct Event {
    std::size_t id_hash;
    std::size_t begin;  // where its text begins in the answer
  };

  void remember(std::string_view id, std::size_t begin);
  [[nodiscard]] std::optional<std::size_t> find_begin(std::string_view id) const;

  // As many as a server can be expected to repeat where it does not begin again.
  static constexpr std::size_t kMaxRemembered = 4096;

  std::size_t at_ = 0;  // in bytes of the answer
  std::size_t event_count_ = 0;
  bool may_repeat_ = false;  // whether the next event may be one that came before
  std::string last_id_;
  std::size_t last_id_end_ = 0;  // where the text of the event `last_id_` ends
  // The first event that had an id, then a ring: the oldest is written over.
  std::vector<Event> remembered_;
  std::size_t remembered_count_ = 0;
};

}  // namespace rellama::replicate
