#pragma once

#include <chrono>
#include <string>

#include "rellama/api_token.hpp"

namespace rellama::settings {

/// How long a token command may take: a person may have to unlock something.
inline constexpr std::chrono::milliseconds kTokenCommandTime{60'000};

/// Runs the user's command, such as `pass show replicate`, and takes the first line it prints as
/// the token. Throws Error (unauthorized) where that does not give one, and never with anything the
/// command printed; interrupted if the command was.
[[nodiscard]] ApiToken ask_token_command(const std::string& command,
                                         std::chrono::milliseconds limit = kTokenCommandTime);

}  // namespace rellama::settings
