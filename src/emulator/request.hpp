#pragma once

#include <map>
#include <string>

#include "emulator/recorded_request.hpp"
#include "httpd/request.hpp"

namespace rellama::emulator {

/// A request as the routes see it.
struct Request {
  RecordedRequest recorded;
  std::multimap<std::string, std::string> query = {};
  bool token_accepted = false;  ///< whether there was a token that looked valid
  std::string origin = {};      ///< "http://host:port" as the client calls this server

  /// Returns the value of a query parameter, or "".
  [[nodiscard]] std::string parameter(const std::string& name) const;
};

/// `own_host` is "host:port", for a request without a Host header.
[[nodiscard]] Request read_request(httpd::Request from, const std::string& own_host);

}  // namespace rellama::emulator
