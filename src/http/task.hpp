#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "http/request.hpp"
#include "rellama/error.hpp"

namespace rellama::http {

using Clock = std::chrono::steady_clock;

/// The head of a response.
struct Head {
  int status = 0;  ///< 0 until the head is complete
  Headers headers;
};

/// What has happened to a task.
struct Event {
  enum class Kind {
    start,  ///< told once, first, unless a stop was requested before
    bytes,  ///< the head of the response is complete, or bytes of its body have arrived
    end,    ///< the response is complete, or `failure` says why it never will be
    time,   ///< the time limit of the last step has been reached
    stop,   ///< a stop was requested, for `reason`; told at most once
  };

  Kind kind = Kind::start;
  Clock::time_point now;
  const Head* head = nullptr;                 ///< of the open response, if there is one
  std::string_view bytes = {};                ///< those that have arrived since the last event
  const Failure* failure = nullptr;           ///< for `end`
  bool request_sent = false;                  ///< for `time` and `stop`: see Failure::request_sent
  ErrorKind reason = ErrorKind::interrupted;  ///< for `stop`
};

/// What a task does next.
class Step {
 public:
  enum class Kind {
    open,   ///< send `request`, and report what arrives; abandons the response that was open
    read,   ///< report what arrives next of the open response
    sleep,  ///< abandon the open response, if there is one, and report the time
    done,   ///< the task has ended
  };

  [[nodiscard]] static Step open(Request request, Clock::time_point until = kNever) {
    Step step(Kind::open, until);
    step.request = std::move(request);
    return step;
  }
  /// `rest`: read nothing for this time if no other task is running, so that a fast stream arrives
  /// in large pieces.
  [[nodiscard]] static Step read(Clock::time_point until = kNever, Clock::duration rest = {}) {
    Step step(Kind::read, until);
    step.rest = rest;
    return step;
  }
  [[nodiscard]] static Step sleep(Clock::time_point until) { return {Kind::sleep, until}; }
  [[nodiscard]] static Step done() { return {Kind::done, kNever}; }

  Kind kind;
  Clock::time_point until;  ///< when to report the time
  Clock::duration rest{};
  std::optional<Request> request = {};

  static constexpr Clock::time_point kNever = Clock::time_point::max();

 private:
  Step(Kind what, Clock::time_point when) : kind(what), until(when) {}
};

/// Work that consists of requests and delays. A task decides; it performs no I/O and reads no clock
/// (see Runner), so it can be tested without sockets, and it may contain other tasks.
class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  virtual ~Task() = default;

  /// Handles an event. If this throws, the task has ended.
  virtual Step handle(const Event& event) = 0;

  /// Whether the receiver of its results cannot take more at the moment. Until it can, the step is
  /// put off, and what the server sends is not read.
  [[nodiscard]] virtual bool held() const { return false; }
};

}  // namespace rellama::http
