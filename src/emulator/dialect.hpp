#pragma once

#include <string>

#include "emulator/reply.hpp"
#include "emulator/request.hpp"

namespace rellama::emulator {

/// An API: requests to replies, without sockets. Thread-safe.
class Dialect {
 public:
  virtual ~Dialect() = default;

  /// Does not block: a reply that is not known yet is a PendingReply or a BodyStream.
  [[nodiscard]] virtual Reply answer(const Request& request) = 0;

  /// What follows the host and the port in the API's base URL.
  [[nodiscard]] virtual std::string base_path() const = 0;
};

}  // namespace rellama::emulator
