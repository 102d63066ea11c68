#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rellama::emulator {

/// One exchange of a recording, as `rellama --record` has written it (docs/emulator.md).
struct RecordedExchange {
  enum class End { complete, closed, reset, open, unsent };

  struct Response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};  ///< names in lower case
    std::string body = {};
    bool body_left_out = false;  ///< it was too long to be recorded

    /// Returns the value of a header, or nothing.
    [[nodiscard]] std::optional<std::string> header(const std::string& name) const;
  };

  std::string api;     ///< the base URL of the API
  std::string method;  ///< of the request
  std::string origin;  ///< "https://host" of its URL
  std::string target;  ///< path and query of its URL
  std::string request_body;
  bool masked = false;                    ///< whether marks stand for secrets in `request_body`
  std::optional<Response> response = {};  ///< absent if its head never came
  End end = End::complete;
  std::chrono::milliseconds time{0};  ///< how long the exchange took
};

/// Reads a recording. Throws rellama::Error (invalid_input), with the number of the line if one is
/// damaged.
[[nodiscard]] std::vector<RecordedExchange> read_recording(const std::string& path);

}  // namespace rellama::emulator
