#pragma once

#include <optional>
#include <string>
#include <utility>

#include "cog/connection.hpp"
#include "http/task.hpp"

namespace rellama::cog {

/// Adds what has arrived to the body of `response`. Returns a failure if it is too long.
[[nodiscard]] std::optional<http::Failure> collect(http::Response& response,
                                                   const http::Event& event);

/// The failure of a request whose time limit has been reached.
[[nodiscard]] http::Failure timed_out(const http::Event& event);

/// What a container tells about itself.
struct Resource {
  const char* path;
  const char* failed;  ///< the message if it cannot be read
};

inline constexpr Resource kHealth{"/health-check", "cannot read the container's health"};
inline constexpr Resource kSchema{"/openapi.json", "cannot read the container's schema"};

/// A GET and its whole response. It is sent again if the connection breaks:
///
///     send ──▶ response ──200──▶ done
///       ▲          └── broken ──┐
///       └──────── delay ◀───────┘
class Exchange final : public http::Task {
 public:
  /// `connection` must outlive this.
  Exchange(const Connection& connection, Resource what);

  /// Throws Error unless the status is 200.
  http::Step handle(const http::Event& event) override;

  /// The body of the response, once the exchange is done.
  [[nodiscard]] std::string take_body() { return std::move(response_.body); }

 private:
  http::Step send(http::Clock::time_point now);
  http::Step read(const http::Event& event);
  http::Step end(const http::Event& event);
  http::Step retry_after(const http::Failure& failure, http::Clock::time_point now);

  const Connection& connection_;
  const Resource what_;
  http::Response response_;
  http::Clock::time_point until_ = {};  // of the response
  bool waiting_ = false;                // for the next try
  int retries_ = 0;
};

}  // namespace rellama::cog
