#pragma once

#include <string>

#include "emulator/prediction.hpp"

namespace rellama::emulator {

/// A body that is said piece by piece while the connection is open.
class BodyStream {
 public:
  virtual ~BodyStream() = default;

  enum class After {
    more,    ///< there will be more
    end,     ///< the body is complete
    broken,  ///< the connection ends inside of the body
  };

  struct Part {
    std::string bytes;
    After after = After::more;
  };

  /// Waits for something to say, but not much longer than `patience`; then the bytes are empty.
  [[nodiscard]] virtual Part next(Clock::duration patience) = 0;

  /// Whether each byte is to be sent by itself.
  [[nodiscard]] virtual bool byte_by_byte() const { return false; }
};

}  // namespace rellama::emulator
