#include "web/conversations.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>

#include "rellama/error.hpp"

namespace rellama::web {
namespace {

using history::Database;
using history::Store;

// How long everything here may wait for another process that is writing. It is the engine's thread.
constexpr std::chrono::milliseconds kPatience{250};
constexpr int kAttempts = 8;
constexpr std::size_t kMostInMemory = 100;  // conversations
constexpr std::int64_t kMostMatches = 500;  // turns that a search looks at

// "1764423339000.12": the time of a conversation and its number.
struct Cursor {
  history::Time time = 0;
  std::int64_t number = 0;
};

std::optional<Cursor> parse_cursor(std::string_view text) {
  Cursor cursor;
  const char* const end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, cursor.time);
  if (error != std::errc{} || dot == end || *dot != '.') return std::nullopt;
  const auto last = std::from_chars(dot + 1, end, cursor.number);
  if (last.ec != std::errc{} || last.ptr != end) return std::nullopt;
  return cursor;
}

std::string render_cursor(const history::ConversationSummary& last) {
  return std::to_string(last.updated_at) + "." + std::to_string(last.id);
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// The turn is the current one from now on, not only once there is text.
void go_to(Store& store, const history::TurnId& id) {
  try {
    store.go_to(id);
  } catch (const Error&) {  // then its text will make it so
  }
}

void add_matches(Store& store, const std::vector<std::string>& words, std::size_t limit,
                 ConversationList& list) {
  std::set<std::int64_t> seen;
  for (history::Match& match : store.search(words, {.limit = kMostMatches})) {
    if (list.entries.size() >= limit) return;
    if (!seen.insert(match.id.conversation).second) continue;
    auto summary = store.find(match.id.conversation);
    if (!summary) continue;
    list.entries.push_back({.id = {.in_memory = false, .number = summary->id},
                            .summary = *std::move(summary),
                            .excerpt = std::move(match.excerpt)});
  }
}

}  // namespace

history::Time current_time() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

Conversations::Conversations(std::optional<std::filesystem::path> history)
    : path_(std::move(history)) {}

RecordedTurn Conversations::begin(const std::optional<ConversationId>& in, history::NewTurn turn,
                                  bool record, std::string& why) {
  const bool stays_in_memory = in && in->in_memory;
  if (record && path_ && !stays_in_memory) {
    try {
      const history::TurnId id = begin_in_history(in ? in->number : 0, turn);
      go_to(*history_, id);
      return {.conversation = {.in_memory = false, .number = id.conversation}, .number = id.number};
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::not_found) throw;
      why = error.what();
    }
  }
  const history::TurnId id = begin_in_memory(in, std::move(turn));
  go_to(memory(), id);
  return {.conversation = {.in_memory = true, .number = id.conversation}, .number = id.number};
}

history::TurnId Conversations::begin_in_history(std::int64_t conversation,
                                                const history::NewTurn& turn) {
  history::NewTurn numbered = turn;
  numbered.conversation = conversation;
  for (int attempt = 1;; ++attempt) {
    try {
      if (!history_) open_history(Database::Open::create);
      return history_->begin(numbered);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::not_found || attempt == kAttempts) throw;
    }
  }
}

history::TurnId Conversations::begin_in_memory(const std::optional<ConversationId>& in,
                                               history::NewTurn turn) {
  turn.conversation = 0;
  if (in && in->in_memory) {
    turn.conversation = in->number;
  } else {
    if (in && turn.parent != 0) copy_path(*in, turn);
    forget_oldest();
  }
  return memory().begin(turn);
}

// A conversation of the history goes on in memory.
void Conversations::copy_path(const ConversationId& from, history::NewTurn& turn) {
  history::TurnId last;
  for (const history::Turn& old : history::path_to(turns(from), turn.parent)) {
    last = memory().begin({.conversation = last.conversation,
                           .name = {},
                           .parent = last.number,
                           .prediction = old.prediction,
                           .model = old.model,
                           .model_options = old.model_options,
                           .prompt = old.prompt,
                           .asked_at = old.asked_at});
    memory().append(last, old.output);
    memory().end(last, {.status = old.status,
                        .error = old.error,
                        .ended_at = old.ended_at.value_or(old.asked_at),
                        .input_tokens = old.input_tokens,
                        .output_tokens = old.output_tokens,
                        .seconds = old.seconds});
  }
  turn.conversation = last.conversation;
  turn.parent = last.number;
}

void Conversations::forget_oldest() {
  if (!memory_) return;
  const auto all = memory_->list({});
  for (std::size_t i = kMostInMemory; i < all.size(); ++i) memory_->remove(all[i].id);
}

history::Store& Conversations::store_of(const ConversationId& id) {
  if (id.in_memory) return memory();
  Store* const store = find_history();
  if (store != nullptr) return *store;
  throw Error(ErrorKind::not_found, {.failed = "there is no history"});
}

void Conversations::open_history(Database::Open how) {
  history_.emplace(*path_, how, kPatience);
  history_version_ = history_->version();
}

Store& Conversations::memory() {
  if (!memory_) memory_.emplace("memory", Database::Open::in_memory);
  return *memory_;
}

Store* Conversations::find_history() {
  std::error_code ignored;
  if (!history_ && path_ && std::filesystem::exists(*path_, ignored)) {
    open_history(Database::Open::existing);
  }
  return history_ ? &*history_ : nullptr;
}

std::optional<history::ConversationSummary> Conversations::find(const ConversationId& id) {
  if (id.in_memory ? !memory_ : find_history() == nullptr) return std::nullopt;
  return store_of(id).find(id.number);
}

std::vector<history::Turn> Conversations::turns(const ConversationId& id) {
  if (id.in_memory ? !memory_ : find_history() == nullptr) return {};
  return store_of(id).turns(id.number);
}

bool Conversations::remove(const ConversationId& id) {
  if (!find(id)) return false;
  Store& store = store_of(id);
  const bool was_there = store.remove(id.number);
  store.forget_removed();
  return was_there;
}

ConversationList Conversations::list(std::size_t limit, const std::string& before) {
  ConversationList list;
  const auto cursor = parse_cursor(before);
  Store* const store = find_history();
  if (store == nullptr) return list;
  history::Filter filter;
  // Conversations of the same millisecond as the cursor are on the next page if they come after it.
  constexpr std::int64_t kMostAtOnce = 100;
  filter.limit = static_cast<std::int64_t>(limit) + 1 + (cursor ? kMostAtOnce : 0);
  if (cursor) filter.before = cursor->time + 1;
  std::size_t count = 0;
  const history::ConversationSummary* last = nullptr;
  const auto found = store->list(filter);
  for (const auto& summary : found) {
    const bool is_before = cursor && std::pair(summary.updated_at, summary.id) >=
                                         std::pair(cursor->time, cursor->number);
    if (is_before) continue;
    if (count++ == limit) {
      if (last != nullptr) list.next = render_cursor(*last);
      break;
    }
    last = &summary;
    list.entries.push_back({.id = {.in_memory = false, .number = summary.id}, .summary = summary});
  }
  return list;
}

ConversationList Conversations::search(const std::string& text, std::size_t limit) {
  ConversationList list;
  const auto words = words_of(text);
  if (words.empty()) return this->list(limit, "");
  if (Store* const store = find_history()) add_matches(*store, words, limit, list);
  return list;
}

bool Conversations::has_changed_elsewhere() {
  Store* const store = find_history();
  if (store == nullptr) return false;
  const std::int64_t version = store->version();
  return std::exchange(history_version_, version) != version;
}

}  // namespace rellama::web
