#pragma once

#include <string>

#include "options/context.hpp"

namespace rellama::program {

/// Checks the whole configuration: the top-level settings and each profile as a prompt would use
/// them, and each command's table as that command would. Returns a summary, such as "3 settings, 1
/// profile". Throws Error (invalid_input).
std::string check_configuration(const Context& context);

}  // namespace rellama::program
