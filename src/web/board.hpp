#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "httpd/exchange.hpp"
#include "web/blocks.hpp"

namespace rellama::web {

/// What clients can see of the runs, and the event streams that tell them what changes. A reader
/// that is slow gets fewer events, not more memory: it is sent what is current when it can take it.
/// Thread-safe.
class Board {
 public:
  using Clock = std::chrono::steady_clock;

  /// Replaces what is shown of a run: its fields and its blocks. The first time, the run appears.
  void publish(const std::string& run, nlohmann::ordered_json fields, BlocksChange change);
  /// The run has ended with this text. New readers hear of it for a minute; it can be found until
  /// there are many others.
  void end(const std::string& run, std::string text);
  /// Tells all readers that the list of conversations changed.
  void tell_conversations();
  /// Wakes the readers, if something has changed.
  void flush();

  /// All that is shown of a run, as JSON; nothing if there is no such run.
  [[nodiscard]] std::optional<std::string> find(const std::string& run) const;
  /// The IDs of the runs that have not ended.
  [[nodiscard]] std::vector<std::string> live() const;
  [[nodiscard]] std::size_t reader_count() const;

  /// Answers a request with an event stream of all runs.
  void add_reader(const httpd::Exchange& exchange);
  /// Ends all streams once they have what is current.
  void close();

 private:
  struct Shown {
    std::uint64_t seq = 0;
    nlohmann::ordered_json fields = {};
    std::vector<std::string> blocks = {};
    std::string last_event = {};  ///< from the event before to this one
    std::optional<Clock::time_point> ended_at = {};
    std::string text = {};  ///< once it has ended
  };
  struct Reader {
    httpd::Exchange exchange;
    std::map<std::string, std::uint64_t> seen = {};  ///< by run: the last event it was sent
    std::uint64_t conversations_seen = 0;
    Clock::time_point sent_at = {};
  };

  void serve(Reader& reader);
  void remove(const Reader* reader);
  [[nodiscard]] std::string new_events(Reader& reader) const;

  mutable std::mutex mutex_;  // guards the following
  std::map<std::string, Shown> runs_;
  std::uint64_t conversations_ = 0;  // how often their list has changed
  bool closed_ = false;
  bool has_news_ = false;          // that no reader was woken for
  std::deque<std::string> ended_;  // the runs that have ended, oldest first
  std::vector<std::shared_ptr<Reader>> readers_;
};

}  // namespace rellama::web
