#pragma once

#include <string>

#include "http/loop.hpp"
#include "rellama/cog.hpp"
#include "replicate/failure.hpp"

namespace rellama::cog {

/// One container, and the connections to it.
class Connection {
 public:
  /// Throws Error (invalid_input) if the address is no URL, holds credentials, or is plain http to
  /// another machine and that is not allowed: anyone on the way could read the prompts.
  explicit Connection(CogOptions options);

  /// GETs `path`; repeated where the connection breaks. Throws Error if the answer is not 200.
  http::Response get(const std::string& path, const std::string& failed, const StopToken& stop);

  /// One try to cancel a run, within a bounded time. It fails quietly: a container that runs one
  /// prediction in one request stops when the connection closes.
  void cancel(const std::string& id) noexcept;

  [[nodiscard]] std::string url_of(const std::string& path) const { return base_ + path; }
  [[nodiscard]] replicate::Attempt attempt(std::string failed, std::string id = {}) const;
  void log(LogLevel level, const std::string& line) const;

  [[nodiscard]] const CogOptions& options() const noexcept { return options_; }
  [[nodiscard]] http::Loop& loop() noexcept { return loop_; }

 private:
  CogOptions options_;
  std::string base_;  // without a slash at the end
  std::string host_;
  http::Loop loop_;
};

}  // namespace rellama::cog
