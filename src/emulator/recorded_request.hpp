#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rellama::emulator {

/// A request as it reached the emulator, without the value of `Authorization`.
struct RecordedRequest {
  std::string method;
  std::string path;                                          ///< decoded, without the query
  std::string target;                                        ///< as sent: path and query
  std::vector<std::pair<std::string, std::string>> headers;  ///< all but Authorization
  bool authorized = false;           ///< whether there was an Authorization header
  std::string authorization_scheme;  ///< such as "Bearer"
  std::string body;

  /// Returns the value of the first header with this name, in any case, or "".
  [[nodiscard]] std::string header(std::string_view name) const;
};

}  // namespace rellama::emulator
