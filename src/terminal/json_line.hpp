#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Renders a JSON object as one line for `out`, with a line end. For a terminal, what it would obey
/// is escaped. Invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string render_json_line(const nlohmann::ordered_json& object,
                                           const OutputStream& out);

}  // namespace rellama::terminal
