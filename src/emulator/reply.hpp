#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/json.hpp"

namespace rellama::emulator {

class BodyStream;
class PendingReply;
struct Request;

/// What the emulator answers to a request.
struct Reply {
  /// How the exchange ends on the socket.
  enum class Ending {
    complete,
    truncated,  ///< the connection closes before the end of the body
    closed,     ///< the connection closes without an answer
    reset,      ///< the same with a TCP reset
    none,       ///< there is no answer, and the connection stays open
  };

  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  Ending ending = Ending::complete;
  /// The length of a truncated body (default: twice `body`), or of `stream` (default: unknown).
  std::optional<std::size_t> announced = {};
  std::shared_ptr<BodyStream> stream = {};  ///< instead of `body`
  std::chrono::milliseconds delay{0};       ///< before the reply
  /// Instead of everything above except `headers`, which are added to the reply once it is known.
  std::shared_ptr<PendingReply> pending = {};
};

[[nodiscard]] Reply json_reply(const Json& body, int status = 200);

/// Redirects to the same path under another name of this server. A client must not send its token
/// there.
[[nodiscard]] Reply redirect(const Request& request);

/// An application/problem+json reply. An empty title is left out (docs/protocol.md §6).
[[nodiscard]] Reply problem(int status, std::string_view title, std::string_view detail);
/// A 404, as for a path that does not exist.
[[nodiscard]] Reply not_found();

/// One line of a 422 "Input validation failed".
struct InvalidField {
  std::string type;
  std::string field;  ///< "input.temperature"; "" for the body itself
  std::string description;
};

[[nodiscard]] Reply invalid(const std::vector<InvalidField>& fields);

}  // namespace rellama::emulator
