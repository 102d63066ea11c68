#include "httpd/watcher.hpp"

namespace rellama::httpd {
namespace {

/// Nobody is left to hear of an exception.
template <class Action>
void quietly(const Action& action) noexcept {
  try {
    action();
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

}  // namespace

Watcher::Watcher(std::unique_ptr<Hangups> hangups)
    : hangups_(std::move(hangups)), thread_([this] { run(); }) {}

Watcher::~Watcher() {
  stop();
}

std::uint64_t Watcher::new_id() {
  const std::lock_guard lock(mutex_);
  return ++last_id_;
}

bool Watcher::watch(std::uint64_t id, const std::weak_ptr<Watched>& who, int socket) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  Entry& entry = entries_[id];
  if (entry.socket) return true;
  entry.who = who;
  entry.socket = socket;
  hangups_->add(socket, id);
  return true;
}

void Watcher::schedule(std::uint64_t id, const std::weak_ptr<Watched>& who,
                       Clock::time_point time) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  Entry& entry = entries_[id];
  entry.who = who;
  if (entry.time) times_.erase({*entry.time, id});
  entry.time = time;
  times_.emplace(time, id);
  const bool is_next = times_.begin()->second == id;
  if (is_next && std::this_thread::get_id() != thread_.get_id()) hangups_->interrupt();
}

void Watcher::forget(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  if (found->second.socket) hangups_->remove(*found->second.socket, id);
  if (found->second.time) times_.erase({*found->second.time, id});
  entries_.erase(found);
}

void Watcher::stop() {
  std::vector<std::uint64_t> ids;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    for (const auto& [id, entry] : entries_) ids.push_back(id);
  }
  hangups_->interrupt();
  thread_.join();
  for (const auto& who : find(ids)) quietly([&who] { who->hung_up(); });
}

std::optional<Watcher::Clock::time_point> Watcher::next_time() {
  const std::lock_guard lock(mutex_);
  if (times_.empty()) return std::nullopt;
  return times_.begin()->first;
}

std::vector<std::shared_ptr<Watched>> Watcher::take_due() {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Watched>> due;
  const Clock::time_point now = Clock::now();
  while (!times_.empty() && times_.begin()->first <= now) {
    Entry& entry = entries_[times_.begin()->second];
    times_.erase(times_.begin());
    entry.time.reset();
    if (auto who = entry.who.lock()) due.push_back(std::move(who));
  }
  return due;
}

std::vector<std::shared_ptr<Watched>> Watcher::find(const std::vector<std::uint64_t>& ids) {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Watched>> found;
  for (const std::uint64_t id : ids) {
    const auto entry = entries_.find(id);
    if (entry == entries_.end()) continue;
    if (auto who = entry->second.who.lock()) found.push_back(std::move(who));
  }
  return found;
}

void Watcher::run() {
  while (true) {
    std::vector<std::uint64_t> gone;
    quietly([&] { gone = hangups_->wait(next_time()); });
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    quietly([&] {
      for (const auto& who : find(gone)) quietly([&who] { who->hung_up(); });
    });
    quietly([this] {
      for (const auto& who : take_due()) quietly([&who] { who->wake(); });
    });
  }
}

}  // namespace rellama::httpd
