#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/emulator.hpp"

namespace rellama::emulator {

/// A request as the routes see it.
struct Request {
  RecordedRequest recorded;
  std::multimap<std::string, std::string> query = {};
  bool token_accepted = false;  ///< whether the token, if there was one, looked valid
  std::string origin = {};      ///< "http://host:port" as the client calls this server

  [[nodiscard]] std::string parameter(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? "" : found->second;
  }
};

}  // namespace rellama::emulator
