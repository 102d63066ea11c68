#pragma once

#include <string>

#include "options/context.hpp"

namespace rellama::program {

/// Checks the whole configuration: what is at the top and each profile as a prompt would use them,
/// and the table of each command as that would. Gives how many settings and profiles there are, in
/// words. Throws Error (invalid_input).
std::string check_configuration(const Context& context);

}  // namespace rellama::program
