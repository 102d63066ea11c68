#pragma once

#include <string>

#include "rellama/prediction.hpp"

namespace rellama::terminal {

/// An output that is not text, as text: a URL or a value a line, without a line end behind the
/// last. Empty if it is text.
[[nodiscard]] std::string render_output_lines(const Output& output);

}  // namespace rellama::terminal
