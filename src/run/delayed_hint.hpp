#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "options/context.hpp"

namespace rellama::program {

/// Writes a line to stderr unless it is destroyed in time: a person who waits learns for what.
class DelayedHint {
 public:
  /// The context must outlive this.
  DelayedHint(std::string line, std::chrono::milliseconds delay, const Context& context);
  ~DelayedHint();
  DelayedHint(const DelayedHint&) = delete;
  DelayedHint& operator=(const DelayedHint&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace rellama::program
