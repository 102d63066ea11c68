#include "web/board.hpp"

#include <algorithm>
#include <utility>

#include "web/reply.hpp"
#include "wire/json_document.hpp"

namespace rellama::web {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kShownAfterEnd{60};
constexpr std::size_t kMostEnded = 200;
// Proxies close connections that are silent, often after a minute.
constexpr std::chrono::seconds kKeepAlive{10};

// The members of `object` and the members of `json`, which is rendered already, as one object.
std::string join_members(const Json& object, const std::string& members) {
  std::string text = wire::render_json(object);
  text.pop_back();
  if (object.size() > 0) text += ',';
  return text + members + "}";
}

Json changes_between(const Json& before, const Json& after) {
  Json changed = Json::object();
  for (const auto& [name, value] : after.items()) {
    const auto old = before.find(name);
    if (old == before.end() || *old != value) changed[name] = value;
  }
  return changed;
}

std::string render_event(const std::string& run, std::uint64_t seq, std::size_t keep,
                         const std::vector<std::string>& blocks, const Json& fields) {
  Json head{{"run", run}, {"seq", seq}, {"keep", keep}};
  head.update(fields);
  return "data: " + join_members(head, R"("blocks":)" + join_blocks(blocks)) + "\n\n";
}

}  // namespace

void Board::publish(const std::string& run, Json fields, BlocksChange change) {
  const std::lock_guard lock(mutex_);
  has_news_ = true;
  Shown& shown = runs_[run];
  ++shown.seq;
  shown.last_event = render_event(run, shown.seq, change.keep, change.blocks,
                                  changes_between(shown.fields, fields));
  shown.fields = std::move(fields);
  shown.blocks.resize(std::min(shown.blocks.size(), change.keep));
  std::move(change.blocks.begin(), change.blocks.end(), std::back_inserter(shown.blocks));
}

void Board::end(const std::string& run, std::string text) {
  const std::lock_guard lock(mutex_);
  Shown& shown = runs_[run];
  shown.ended_at = Clock::now();
  shown.text = std::move(text);
  ended_.push_back(run);
  while (ended_.size() > kMostEnded) {
    runs_.erase(ended_.front());
    ended_.pop_front();
  }
}

void Board::tell_conversations() {
  const std::lock_guard lock(mutex_);
  ++conversations_;
  has_news_ = true;
}

void Board::flush() {
  std::vector<std::shared_ptr<Reader>> readers;
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(has_news_, false)) return;
    readers = readers_;
  }
  for (const auto& reader : readers) reader->exchange.wake();
}

std::optional<std::string> Board::find(const std::string& run) const {
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find(run);
  if (found == runs_.end()) return std::nullopt;
  const Shown& shown = found->second;
  Json head{{"run", run}, {"seq", shown.seq}};
  head.update(shown.fields);
  if (shown.ended_at) head["text"] = shown.text;
  return join_members(head, R"("blocks":)" + join_blocks(shown.blocks));
}

std::vector<std::string> Board::live() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> live;
  for (const auto& [id, shown] : runs_) {
    if (!shown.ended_at) live.push_back(id);
  }
  return live;
}

std::size_t Board::reader_count() const {
  const std::lock_guard lock(mutex_);
  return readers_.size();
}

void Board::add_reader(const httpd::Exchange& exchange) {
  httpd::Head head{.headers = {{"Content-Type", "text/event-stream"},
                               {"Cache-Control", "no-store"},
                               {"X-Accel-Buffering", "no"}}};  // nginx then passes each event on
  add_safety_headers(head.headers);
  exchange.begin(std::move(head));
  auto reader = std::make_shared<Reader>(Reader{.exchange = exchange});
  {
    const std::lock_guard lock(mutex_);
    reader->conversations_seen = conversations_;
    readers_.push_back(reader);
  }
  exchange.on_gone([this, gone = reader.get()] { remove(gone); });
  exchange.on_ready([this, reader] { serve(*reader); });
}

void Board::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    has_news_ = true;
  }
  flush();
}

// On the server's thread, when the reader has taken what it was sent.
void Board::serve(Reader& reader) {
  const auto now = Clock::now();
  std::string events;
  bool is_last = false;
  {
    const std::lock_guard lock(mutex_);
    events = new_events(reader);
    is_last = closed_;
  }
  if (events.empty() && now >= reader.sent_at + kKeepAlive) events = ": keep-alive\n\n";
  if (!events.empty()) {
    reader.sent_at = now;
    reader.exchange.send(events);
  }
  if (is_last) {
    reader.exchange.finish();
  } else {
    reader.exchange.wake_at(reader.sent_at + kKeepAlive);
  }
}

// Whoever has all but the last event of a run gets that one. Everybody else gets the whole run.
std::string Board::new_events(Reader& reader) const {
  const auto now = Clock::now();
  std::string events;
  std::erase_if(reader.seen, [this](const auto& seen) { return !runs_.contains(seen.first); });
  for (const auto& [id, shown] : runs_) {
    std::uint64_t& seen = reader.seen[id];
    if (seen == shown.seq) continue;
    const bool is_old = seen == 0 && shown.ended_at && *shown.ended_at + kShownAfterEnd <= now;
    if (is_old) {
      seen = shown.seq;
      continue;
    }
    const bool is_next = seen != 0 && seen + 1 == shown.seq;
    events +=
        is_next ? shown.last_event : render_event(id, shown.seq, 0, shown.blocks, shown.fields);
    seen = shown.seq;
  }
  if (std::exchange(reader.conversations_seen, conversations_) != conversations_) {
    events += "data: {\"conversations\":true}\n\n";
  }
  return events;
}

void Board::remove(const Reader* reader) {
  const std::lock_guard lock(mutex_);
  std::erase_if(readers_, [reader](const auto& other) { return other.get() == reader; });
}

}  // namespace rellama::web
