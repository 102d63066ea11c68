#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Escapes in JSON the characters that a terminal would obey, or that hide or reorder text.
[[nodiscard]] std::string escape_for_terminal(std::string_view json);

/// Renders a JSON object as one line for `out`, with a line end. For a terminal, what it would obey
/// is escaped. Invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string render_json_line(const nlohmann::ordered_json& object,
                                           const OutputStream& out);

}  // namespace rellama::terminal
