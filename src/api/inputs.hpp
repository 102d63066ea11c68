#pragma once

#include <string>

#include "api/field.hpp"
#include "rellama/generate.hpp"

namespace rellama::api {

/// What a text is: a text, or a value of the type of the input, as in a CSV file.
enum class Typing { as_json, untyped };

/// Sets an input of the model, or a parameter under one of its names, in place of the one that the
/// request has. A null leaves it. Nothing names a file: a text is always sent as a text.
void set_input(const std::string& name, const Json& value, Typing typing, GenerateRequest& request);

/// Reads stop sequences: a text, or a list of texts. Throws Error (invalid_input).
[[nodiscard]] std::vector<std::string> read_stops(const Json& value, const std::string& path);

}  // namespace rellama::api
