#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "terminal/streams.hpp"

namespace rellama::terminal {

/// A JSON object as one line for `out`, with its line end. On a terminal, what it would obey is
/// escaped; text that is not UTF-8 gets U+FFFD.
[[nodiscard]] std::string render_json_line(const nlohmann::ordered_json& object,
                                           const OutputStream& out);

}  // namespace rellama::terminal
