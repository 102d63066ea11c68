#pragma once

#include <string>

#include "prompt/build.hpp"
#include "rellama/input.hpp"

namespace rellama::commands {

/// Reads one `-o` argument: `KEY=VALUE` (typed as the model's input is), `KEY:=JSON` or
/// `KEY=@FILE` (the file's content as text). Throws Error (invalid_input).
[[nodiscard]] InputField parse_assignment(const prompt::Build& build, const std::string& text);

}  // namespace rellama::commands
