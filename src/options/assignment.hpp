#pragma once

#include <string>

#include "rellama/input.hpp"

namespace rellama::program {

/// Reads one `-o` argument: `KEY=VALUE` (`generate` gives it the input's type), `KEY:=JSON` or
/// `KEY=@FILE` (the file's content as text). Throws Error (invalid_input).
[[nodiscard]] InputField parse_assignment(const std::string& text);

}  // namespace rellama::program
