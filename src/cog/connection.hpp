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

  /// GETs `path`, retrying if the connection breaks. Throws Error unless the status is 200.
  http::Response get(const std::string& path, const std::string& failed, const StopToken& stop);

  /// Tries once to cancel a run, for up to 2 s. Ignores failures: the container also stops the run
  /// when its connection closes.
  void cancel(const std::string& id) noexcept;

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

}  // namespace rellama::cog
