#pragma once

#include <string>

#include "rellama/input.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// Parses one `-o` argument: `KEY=VALUE` (`generate` converts it to the input's type), `KEY:=JSON`
/// or `KEY=@FILE` (the file's content). Throws Error: invalid_input, or why `stop` was requested.
[[nodiscard]] InputField parse_assignment(const std::string& text, const StopToken& stop);

}  // namespace rellama::program
