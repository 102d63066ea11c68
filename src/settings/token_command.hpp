#pragma once

#include <chrono>
#include <string>

#include "rellama/api_token.hpp"
#include "rellama/stop.hpp"

namespace rellama::settings {

/// How long a token command may take: the user may have to unlock something.
inline constexpr std::chrono::milliseconds kTokenCommandTimeout{60'000};

/// Runs the user's command, such as `pass show replicate`, and reads the token from the first line
/// it prints. Throws Error: unauthorized if there is no token, without quoting the output, or
/// interrupted if the command was,
/// or why `stop` was requested.
[[nodiscard]] ApiToken ask_token_command(const std::string& command,
                                         std::chrono::milliseconds limit = kTokenCommandTimeout,
                                         const StopToken& stop = {});

}  // namespace rellama::settings
