#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "rellama/input.hpp"

namespace rellama::wire {

/// The body of a create request (docs/protocol.md §2).
struct CreateBody {
  std::string version;  ///< the bare ID; empty for the official-model and deployment endpoints
  Input input;
  bool stream = false;  ///< request `urls.stream`; until 2024 it was returned only on request
};

/// Renders the body as compact JSON, with the input fields in order. Throws Error (invalid_input)
/// if a JsonText is not JSON.
[[nodiscard]] std::string render_create_body(const CreateBody& body);

/// The value of an input as JSON. Throws as above.
[[nodiscard]] nlohmann::ordered_json to_json(const InputField& field);

/// Renders only the `input` object. Throws as above.
[[nodiscard]] std::string render_input(const Input& input);

/// Whether the input echoed by a prediction equals the input that was sent, ignoring the order of
/// the fields (docs/protocol.md §3).
[[nodiscard]] bool same_input(const JsonText& echo, const Input& sent);

}  // namespace rellama::wire
