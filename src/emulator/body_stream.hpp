#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "emulator/clock.hpp"

namespace rellama::emulator {

/// How many bytes a stream returns at once, roughly at most.
inline constexpr std::size_t kLargestPart = 64 * 1024;

/// A response body that becomes known over time.
class BodyStream {
 public:
  virtual ~BodyStream() = default;

  enum class After {
    more,    ///< there will be more
    end,     ///< the body is complete
    broken,  ///< the connection breaks in the middle of the body
    reset,   ///< the same with a TCP reset
  };

  struct Part {
    std::string bytes = {};
    After after = After::more;
    std::optional<Clock::time_point> again = {};  ///< when there will be more, if known
  };

  /// Returns the next part of the body, with no bytes if there is none yet.
  [[nodiscard]] virtual Part next() = 0;

  /// Has `changed` called when there may be more before the time that `next` gave.
  virtual void on_change(std::function<void()> changed) = 0;

  /// Whether each byte is to be sent by itself.
  [[nodiscard]] virtual bool byte_by_byte() const { return false; }
};

}  // namespace rellama::emulator
