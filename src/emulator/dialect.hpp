#pragma once

#include "emulator/reply.hpp"
#include "emulator/request.hpp"

namespace rellama::emulator {

/// An API: requests to replies, without sockets. Thread-safe.
class Dialect {
 public:
  virtual ~Dialect() = default;

  /// May wait.
  [[nodiscard]] virtual Reply answer(const Request& request) = 0;

  /// Ends all waiting.
  virtual void stop() = 0;
};

}  // namespace rellama::emulator
