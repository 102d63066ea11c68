#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/connection.hpp"
#include "options/context.hpp"
#include "rellama/error.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// The result of one check.
struct Finding {
  enum class Status { ok, warning, failure };
  Status status = Status::ok;
  std::string name;         ///< what was checked: "token", "clock", …
  std::string detail;       ///< what was found
  std::string remedy = {};  ///< what to do, unless the status is ok
  int exit_code = 0;        ///< of a failure
};

/// A failure described by an error.
[[nodiscard]] Finding failure(const std::string& name, const Error& error);

/// Checks the permissions of rellama's files and directories.
[[nodiscard]] Finding check_files(const ConnectionOptions& options, const Context& context);

/// Which standard streams are terminals, and whether the terminal uses UTF-8.
[[nodiscard]] Finding check_terminal(const Context& context);

/// The proxy settings.
[[nodiscard]] Finding check_proxy(const ConnectionOptions& options, const Context& context);

/// Where the token comes from and whether it has the right form. Never shows the token.
[[nodiscard]] Finding check_token(const std::optional<settings::TokenSource>& source);

/// Checks the API server, the clock (compared with that server's), the token and the stream server.
[[nodiscard]] std::vector<Finding> check_network(const std::optional<ApiToken>& token,
                                                 const ConnectionOptions& options,
                                                 const Context& context, const StopToken& stop);

}  // namespace rellama::program
