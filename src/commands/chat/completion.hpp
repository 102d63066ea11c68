#pragma once

#include "rellama/catalogue.hpp"
#include "terminal/line_editor.hpp"

namespace rellama::program {

/// Completes commands of the conversation, the models of /model and the files of /file and /save.
[[nodiscard]] terminal::Completer chat_completer(const Catalogue& catalogue);

}  // namespace rellama::program
