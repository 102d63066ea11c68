#pragma once

#include <string>

#include "cog/connection.hpp"
#include "http/task.hpp"

namespace rellama::cog {

/// Tries once to cancel a run, for up to 2 s. Throws no Error, whatever happens, and a stop does
/// not end it: it is what follows a stop.
class Cancel final : public http::Task {
 public:
  /// `connection` must outlive this.
  Cancel(const Connection& connection, std::string id);

  http::Step handle(const http::Event& event) override;

 private:
  http::Step done(const std::string& result);

  const Connection& connection_;
  const std::string id_;
  http::Clock::time_point until_ = {};
};

}  // namespace rellama::cog
