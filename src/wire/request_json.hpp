#pragma once

#include <string>

#include "rellama/input.hpp"

namespace rellama::wire {

/// The body of a create request (docs/protocol.md §2).
struct CreateBody {
  std::string version;  ///< the bare id; empty on the official-model and deployment endpoints
  Input input;
  bool stream = false;  ///< asks for `urls.stream`, which answers before 2024 gave only when asked
};

/// The body as compact JSON, fields in their own order. Throws Error (invalid_input) where a
/// JsonText is not JSON.
[[nodiscard]] std::string render_create_body(const CreateBody& body);

/// The `input` object by itself. Throws as above.
[[nodiscard]] std::string render_input(const Input& input);

/// Whether a prediction's echo of its input says the same as what was sent; the order of the fields
/// does not matter (docs/protocol.md §3).
[[nodiscard]] bool same_input(const JsonText& echo, const Input& sent);

}  // namespace rellama::wire
