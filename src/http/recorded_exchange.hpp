#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "http/request.hpp"

namespace rellama::http {

/// How an exchange ended.
enum class ExchangeEnd {
  complete,  ///< the response is complete
  closed,    ///< the connection ended before the response did
  reset,     ///< the same with a TCP reset
  open,      ///< the caller gave up, as when nothing arrives any more or it has all it needs
  unsent,    ///< nothing was sent: there was no connection
};

/// A request and what came back, as far as it came. Without the token and the gateway's header.
struct RecordedExchange {
  std::string method;
  std::string url;
  Headers request_headers;
  std::string request_body;
  bool accepted_compression = false;
  int status = 0;  ///< 0 if the head of the response never came
  Headers headers;
  std::string body;               ///< what has arrived of it, decompressed
  bool is_body_left_out = false;  ///< because it was too long
  ExchangeEnd end = ExchangeEnd::open;
  std::chrono::duration<double> time{};  ///< from the request to the end
};

/// Receives each exchange when it has ended, on the thread of the loop. Must not throw.
using RecordFunction = std::function<void(const RecordedExchange&)>;

}  // namespace rellama::http
