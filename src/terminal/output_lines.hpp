#pragma once

#include <string>

#include "rellama/prediction.hpp"

namespace rellama::terminal {

/// Renders output that is not text, one URL or value per line, without a line end after the last.
/// Empty if the output is text.
[[nodiscard]] std::string render_output_lines(const Output& output);

}  // namespace rellama::terminal
