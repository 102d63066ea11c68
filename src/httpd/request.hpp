#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rellama::httpd {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A request, complete with its body.
struct Request {
  std::string method;
  std::string target;                             ///< as sent: path and query
  std::string path;                               ///< percent-decoded, without the query
  std::multimap<std::string, std::string> query;  ///< percent-decoded
  Headers headers;                                ///< in the order received, duplicates included
  std::string body;

  /// Returns the value of the first header with this name, in any case, or "".
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// Compares two header names without regard to case.
[[nodiscard]] bool same_header_name(std::string_view left, std::string_view right) noexcept;

}  // namespace rellama::httpd
