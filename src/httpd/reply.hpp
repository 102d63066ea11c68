#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "httpd/request.hpp"

namespace rellama::httpd {

/// A reply whose body is known. Content-Length and Date are added.
struct Reply {
  int status = 200;
  Headers headers = {};
  std::string body = {};
};

/// The start of a reply whose body follows piece by piece.
struct Head {
  int status = 200;
  Headers headers = {};
  /// The Content-Length. Without one, the body is sent in chunks.
  std::optional<std::uint64_t> length = {};
  /// The most bytes to send at a time, each time as a chunk of its own. Zero sets no limit.
  std::size_t largest_chunk = 0;
};

}  // namespace rellama::httpd
