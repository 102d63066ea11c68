#include "run/deadline.hpp"

#include <chrono>

#include "settings/duration.hpp"

namespace rellama::program {

StopSource stop_after(const std::string& timeout) {
  if (timeout.empty()) return StopSource();
  return StopSource(std::chrono::steady_clock::now() + settings::parse_duration(timeout));
}

}  // namespace rellama::program
