#pragma once

#include "rellama/catalogue.hpp"
#include "terminal/line_editor.hpp"

namespace rellama::program {

/// Completes slash commands and the arguments of /model, /file, /save, /system and /help.
[[nodiscard]] terminal::Completer chat_completer(const Catalogue& catalogue);

}  // namespace rellama::program
