#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "http/loop.hpp"

namespace rellama::http {

using Clock = std::chrono::steady_clock;

// Far enough away never to matter unless something hangs.
inline Clock::time_point far() {
  return Clock::now() + std::chrono::seconds(30);
}

inline ConnectionOptions options() {
  return {.user_agent = "rellama-test/1"};
}

struct Outcome {
  Response response;
  std::optional<Failure> failure;
};

inline Outcome exchange(Loop& loop, const Request& request, const StopToken& stop = {}) {
  Transfer transfer = loop.open(request);
  Outcome outcome;
  outcome.failure = loop.finish(transfer, outcome.response, stop, far());
  return outcome;
}

inline Outcome exchange(const Request& request) {
  Loop loop(options());
  return exchange(loop, request);
}

}  // namespace rellama::http
