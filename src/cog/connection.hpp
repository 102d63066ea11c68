#pragma once

#include <string>

#include "http/loop.hpp"
#include "rellama/cog.hpp"
#include "replicate/failure.hpp"

namespace rellama::cog {

/// A container, and the connections to it.
class Connection {
 public:
  /// Throws Error (invalid_input) if the base URL is not a URL, contains credentials, or is plain
  /// http to another machine without `allow_http`, which would expose the prompts.
  explicit Connection(CogOptions options);

  [[nodiscard]] std::string url_of(const std::string& path) const { return base_ + path; }
  [[nodiscard]] replicate::Attempt attempt(std::string failed, std::string id = {}) const;
  void log(LogLevel level, const std::string& line) const;

  [[nodiscard]] const CogOptions& options() const noexcept { return options_; }
  [[nodiscard]] http::Loop& loop() noexcept { return loop_; }

 private:
  CogOptions options_;
  std::string base_;  // without a trailing slash
  std::string host_;
  http::Loop loop_;
};

/// What a client makes its requests with.
[[nodiscard]] Connection& connection_of(CogClient& client) noexcept;

}  // namespace rellama::cog
