#pragma once

#include "options/context.hpp"

namespace rellama::program {

/// `rellama chat`: a conversation, at a terminal or from a script.
int run_chat(const Arguments& arguments, const Context& context);

}  // namespace rellama::program
