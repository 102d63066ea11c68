#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rellama::bench {

/// What clients of many streams saw.
struct StreamLoad {
  std::vector<double> first_ms;  ///< of each stream: from its request to its first token
  std::vector<double> token_ms;  ///< of each token: from the model to the client
  std::size_t complete = 0;      ///< streams that came to their end
};

/// Sends `request` on as many connections to 127.0.0.1:`port` at once and reads all streams to
/// their end, on this thread. Throws std::runtime_error.
[[nodiscard]] StreamLoad load_streams(int port, const std::string& request, std::size_t count);

}  // namespace rellama::bench
