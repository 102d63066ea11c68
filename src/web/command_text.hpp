#pragma once

#include <string>

#include "web/page_request.hpp"

namespace rellama::web {

/// What a command is part of.
struct CommandPlace {
  std::string session = {};  ///< of --session; empty: it is a single prompt
  bool records = true;
  bool demo = false;
};

/// The `rellama` command that asks the same, for a POSIX shell.
[[nodiscard]] std::string render_command(const PageRequest& page, const CommandPlace& place);

}  // namespace rellama::web
