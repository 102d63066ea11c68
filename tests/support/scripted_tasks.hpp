#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/task.hpp"
#include "rellama/error.hpp"

namespace rellama::test {

/// What arrives in response to a request, and when after it was sent.
struct ScriptedAnswer {
  enum class End {
    complete,  ///< the response is complete
    broken,    ///< the connection breaks
    silent,    ///< nothing more arrives
  };
  struct Piece {
    std::string bytes;
    std::chrono::milliseconds after{0};
  };

  int status = 200;  ///< 0: no head arrives
  http::Headers headers = {};
  std::vector<Piece> pieces = {};  ///< of the body
  End end = End::complete;         ///< what follows the last piece
  bool request_sent = true;        ///< false: not even a byte of the request was sent
  std::chrono::milliseconds after{0};

  [[nodiscard]] std::size_t body_size() const;
  /// The same answer, of whose body only the first `kept` bytes arrive.
  [[nodiscard]] ScriptedAnswer cut(std::size_t kept, End how) const;
  /// No part of the answer arrives.
  [[nodiscard]] ScriptedAnswer without_head(End how) const;
};

/// A response with this body and head.
[[nodiscard]] ScriptedAnswer answer(int status, std::string body, http::Headers headers = {});
/// The connection is refused, so that nothing is sent.
[[nodiscard]] ScriptedAnswer refused();

/// A request that a task has opened.
struct ScriptedRequest {
  http::Request request;
  std::size_t number;          ///< from 0
  http::Clock::time_point at;  ///< by the virtual clock
};

/// Performs tasks as http::Runner does, but without sockets and in no time: a function plays the
/// server, and the clock jumps to whatever happens next.
class ScriptedTasks {
 public:
  using Server = std::function<ScriptedAnswer(const ScriptedRequest&)>;

  explicit ScriptedTasks(Server server);
  ~ScriptedTasks();
  ScriptedTasks(const ScriptedTasks&) = delete;
  ScriptedTasks& operator=(const ScriptedTasks&) = delete;

  /// Lets bodies arrive in pieces of at most this size, and heads before them.
  void split(std::size_t bytes) { max_piece_ = bytes; }

  /// Requests a stop of all tasks, present and future. A server may call this.
  void stop(ErrorKind reason) { stop_ = reason; }
  /// Requests it instead of event `number` (from 0, counted over all tasks).
  void stop_at(std::size_t number, ErrorKind reason);
  [[nodiscard]] bool stop_requested() const noexcept { return stop_.has_value(); }

  /// Performs one task, and those that were started before, to their ends. Throws what it throws.
  void perform(http::Task& task);

  /// Starts a task, for `run`.
  void start(http::Task& task);
  /// Performs all tasks to their ends. Throws std::logic_error if one would never end.
  void run();
  /// What a task threw; nullopt if it has reached its end.
  [[nodiscard]] std::optional<Error> error_of(const http::Task& task) const;

  [[nodiscard]] http::Clock::time_point now() const noexcept { return now_; }
  [[nodiscard]] const std::vector<ScriptedRequest>& requests() const { return requests_; }
  /// "POST https://…" of each request so far.
  [[nodiscard]] std::vector<std::string> lines() const;
  /// The number of events told so far.
  [[nodiscard]] std::size_t events() const noexcept { return events_; }

 private:
  struct Performed;

  [[nodiscard]] Performed* next();
  void tell_next(Performed& performed);
  void tell_arrival(Performed& performed);
  void tell(Performed& performed, const http::Event& event);
  void carry_out(Performed& performed, const http::Step& step);
  void open(Performed& performed, const http::Request& request);

  static constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

  Server server_;
  std::size_t max_piece_ = kNever;
  std::optional<ErrorKind> stop_ = {};
  std::size_t stop_at_ = kNever;
  ErrorKind stop_reason_ = ErrorKind::interrupted;
  std::vector<std::unique_ptr<Performed>> tasks_;
  http::Clock::time_point now_ = http::Clock::time_point{} + std::chrono::hours(1000);
  std::vector<ScriptedRequest> requests_;
  std::size_t events_ = 0;
};

}  // namespace rellama::test
