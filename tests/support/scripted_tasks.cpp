#include "support/scripted_tasks.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <utility>

namespace rellama::test {
namespace {

using http::Clock;
using http::Event;
using http::Failure;
using http::Step;

// Far more than any test needs.
constexpr std::size_t kMaxEvents = 1'000'000;

}  // namespace

std::size_t ScriptedAnswer::body_size() const {
  std::size_t size = 0;
  for (const Piece& piece : pieces) size += piece.bytes.size();
  return size;
}

ScriptedAnswer ScriptedAnswer::cut(std::size_t kept, End how) const {
  ScriptedAnswer answer = *this;
  answer.end = how;
  answer.pieces.clear();
  for (const Piece& piece : pieces) {
    if (kept == 0) break;
    answer.pieces.push_back({piece.bytes.substr(0, kept), piece.after});
    kept -= answer.pieces.back().bytes.size();
  }
  return answer;
}

ScriptedAnswer ScriptedAnswer::without_head(End how) const {
  ScriptedAnswer answer = cut(0, how);
  answer.status = 0;
  answer.headers.clear();
  return answer;
}

ScriptedAnswer answer(int status, std::string body, http::Headers headers) {
  ScriptedAnswer answer{.status = status, .headers = std::move(headers)};
  if (!body.empty()) answer.pieces.push_back({std::move(body)});
  return answer;
}

ScriptedAnswer refused() {
  return {.status = 0, .end = ScriptedAnswer::End::broken, .request_sent = false};
}

// A task and the response that it reads.
struct ScriptedTasks::Performed {
  struct Arrival {
    Clock::time_point at;
    std::string bytes = {};
    bool ends = false;
    std::optional<Failure> failure = {};
  };

  http::Task* task;
  bool is_open = false;
  bool request_sent = false;
  http::Head head = {};
  std::deque<Arrival> arrivals = {};
  Clock::time_point until;  // when to tell the time
  bool is_new = true;
  bool told_stop = false;
  bool over = false;
  std::optional<Error> error = {};

  [[nodiscard]] Clock::time_point next() const {
    return arrivals.empty() ? until : std::min(until, arrivals.front().at);
  }
};

ScriptedTasks::ScriptedTasks(Server server) : server_(std::move(server)) {}

ScriptedTasks::~ScriptedTasks() = default;

void ScriptedTasks::stop_at(std::size_t number, ErrorKind reason) {
  stop_at_ = number;
  stop_reason_ = reason;
}

void ScriptedTasks::perform(http::Task& task) {
  start(task);
  run();
  if (const auto error = error_of(task)) throw Error(*error);
}

void ScriptedTasks::start(http::Task& task) {
  tasks_.push_back(std::make_unique<Performed>(Performed{.task = &task, .until = now_}));
}

void ScriptedTasks::run() {
  while (Performed* performed = next()) {
    if (events_ == kMaxEvents) throw std::logic_error("a task never ends");
    now_ = std::max(now_, performed->next());
    tell_next(*performed);
  }
}

std::optional<Error> ScriptedTasks::error_of(const http::Task& task) const {
  for (const auto& performed : tasks_) {
    if (performed->task == &task && performed->over) return performed->error;
  }
  throw std::logic_error("the task has not ended");
}

std::vector<std::string> ScriptedTasks::lines() const {
  std::vector<std::string> lines;
  for (const auto& [request, number, at] : requests_) {
    lines.push_back(request.method + " " + request.url);
  }
  return lines;
}

// The task to which something happens first; null if all have ended.
ScriptedTasks::Performed* ScriptedTasks::next() {
  Performed* first = nullptr;
  bool waits = false;
  for (const auto& performed : tasks_) {
    if (performed->over) continue;
    waits = true;
    if (stop_ && !performed->told_stop) {
      performed->until = std::min(performed->until, now_);
      return performed.get();
    }
    if (first == nullptr || performed->next() < first->next()) first = performed.get();
  }
  if (waits && first->next() == Step::kNever) {
    throw std::logic_error("a task waits for a silent server without a time limit");
  }
  return first;
}

void ScriptedTasks::tell_next(Performed& performed) {
  if (events_ == stop_at_) stop_ = stop_reason_;
  if (stop_ && !performed.told_stop) {
    performed.told_stop = true;
    performed.is_new = false;
    tell(performed, {.kind = Event::Kind::stop,
                     .now = now_,
                     .request_sent = performed.is_open && performed.request_sent,
                     .reason = *stop_});
  } else if (std::exchange(performed.is_new, false)) {
    tell(performed, {.kind = Event::Kind::start, .now = now_});
  } else if (!performed.arrivals.empty() && performed.arrivals.front().at <= now_) {
    tell_arrival(performed);
  } else {
    tell(performed, {.kind = Event::Kind::time,
                     .now = now_,
                     .request_sent = performed.is_open && performed.request_sent});
  }
}

void ScriptedTasks::tell_arrival(Performed& performed) {
  // The task may abandon the response while it handles the event.
  const auto arrival = std::move(performed.arrivals.front());
  performed.arrivals.pop_front();
  const http::Head head = performed.head;
  Event event{.kind = arrival.ends ? Event::Kind::end : Event::Kind::bytes, .now = now_};
  event.head = &head;
  event.bytes = arrival.bytes;
  event.failure = arrival.failure ? &*arrival.failure : nullptr;
  event.request_sent = arrival.failure && arrival.failure->request_sent;
  tell(performed, event);
}

void ScriptedTasks::tell(Performed& performed, const Event& event) {
  ++events_;
  try {
    carry_out(performed, performed.task->handle(event));
  } catch (const Error& error) {
    performed.error = error;
    performed.over = true;
  }
}

void ScriptedTasks::carry_out(Performed& performed, const Step& step) {
  performed.until = step.until;
  switch (step.kind) {
    case Step::Kind::open: open(performed, *step.request); break;
    case Step::Kind::read:
      if (!performed.is_open) throw std::logic_error("a task reads, but no response is open");
      break;
    case Step::Kind::sleep:
      performed.is_open = false;
      performed.arrivals.clear();
      break;
    case Step::Kind::done: performed.over = true; break;
  }
}

void ScriptedTasks::open(Performed& performed, const http::Request& request) {
  requests_.push_back({request, requests_.size(), now_});
  const ScriptedAnswer answer = server_(ScriptedRequest(requests_.back()));
  performed.is_open = true;
  performed.request_sent = answer.request_sent;
  performed.head = {answer.status, answer.headers};
  auto& arrivals = performed.arrivals;
  arrivals.clear();
  Clock::time_point last = now_ + answer.after;
  const bool is_whole =
      max_piece_ == kNever && !answer.pieces.empty() && answer.pieces.front().after <= answer.after;
  if (answer.status != 0 && !is_whole) arrivals.push_back({.at = last});
  for (const ScriptedAnswer::Piece& piece : answer.pieces) {
    last = std::max(last, now_ + piece.after);
    for (std::size_t begin = 0; begin < piece.bytes.size();) {
      const std::size_t size = std::min(max_piece_, piece.bytes.size() - begin);
      arrivals.push_back({.at = last, .bytes = piece.bytes.substr(begin, size)});
      begin += size;
    }
  }
  if (answer.end == ScriptedAnswer::End::silent) return;
  arrivals.push_back({.at = last, .ends = true});
  if (answer.end == ScriptedAnswer::End::complete && answer.status != 0) return;
  arrivals.back().failure = Failure{.request_sent = answer.request_sent,
                                    .why = answer.end == ScriptedAnswer::End::broken
                                               ? "the connection broke"
                                               : "the response ended before its headers"};
}

}  // namespace rellama::test
