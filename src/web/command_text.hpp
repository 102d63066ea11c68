#pragma once

#include <optional>
#include <string>

#include "history/turn.hpp"
#include "web/page_request.hpp"

namespace rellama::web {

/// The `rellama` command that asks the same, for a POSIX shell. `after`: the turn that it follows;
/// none if it starts a conversation, or is none.
[[nodiscard]] std::string render_command(const PageRequest& page,
                                         const std::optional<history::TurnId>& after);

}  // namespace rellama::web
