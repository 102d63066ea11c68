#pragma once

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
struct Request;

/// What the emulator says to a request.
struct Reply {
  /// How the exchange ends on the socket.
  enum class Ending {
    complete,
    truncated,  ///< the body is shorter than announced, then the connection closes
    closed,     ///< the connection closes, nothing is answered
    reset,      ///< the same, with a TCP reset
  };

  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  Ending ending = Ending::complete;
  std::optional<std::size_t> announced = {};  ///< of a truncated body; absent: twice what it has
  std::shared_ptr<BodyStream> stream = {};    ///< instead of a body
};

[[nodiscard]] Reply json_reply(const Json& body, int status = 200);

/// To the same path under another name of this server, so that a client can be seen to drop its
/// token.
[[nodiscard]] Reply redirect(const Request& request);

/// application/problem+json; an empty title is left out (docs/protocol.md §6).
[[nodiscard]] Reply problem(int status, std::string_view title, std::string_view detail);

/// One line of a 422 "Input validation failed".
struct InvalidField {
  std::string type;
  std::string field;  ///< "input.temperature"; "" for the body itself
  std::string description;
};

[[nodiscard]] Reply invalid(const std::vector<InvalidField>& fields);

}  // namespace rellama::emulator
