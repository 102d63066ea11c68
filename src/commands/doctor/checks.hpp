#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/connection.hpp"
#include "options/context.hpp"
#include "rellama/error.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// What one check found.
struct Finding {
  enum class Status { ok, warning, failure };
  Status status = Status::ok;
  std::string name;         ///< of what was checked: "token", "clock", …
  std::string detail;       ///< what was found
  std::string remedy = {};  ///< what to do, unless it is ok
  int exit_code = 0;        ///< of a failure
};

/// A failure as an error tells it.
[[nodiscard]] Finding failure(const std::string& name, const Error& error);

/// Who can read and change the files and directories of rellama that are there.
[[nodiscard]] Finding check_files(const ConnectionOptions& options, const Context& context);

/// What the three streams lead to, and whether the terminal shows all characters.
[[nodiscard]] Finding check_terminal(const Context& context);

/// Which variables name a proxy.
[[nodiscard]] Finding check_proxy(const ConnectionOptions& options, const Context& context);

/// The token: where it is from and whether it looks like one, never what it is.
[[nodiscard]] Finding check_token(const std::optional<settings::TokenSource>& source);

/// What can be reached: the host of the API and, by what that says, the clock; whether it takes the
/// token; where streams come from.
[[nodiscard]] std::vector<Finding> check_network(const std::optional<ApiToken>& token,
                                                 const ConnectionOptions& options,
                                                 const Context& context, const StopToken& stop);

}  // namespace rellama::program
