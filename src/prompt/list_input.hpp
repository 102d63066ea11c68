#pragma once

#include <vector>

#include "prompt/render.hpp"

namespace rellama::prompt {

/// The value of an input that was set several times, or takes a list: a JSON list with an element
/// for each value. A value that is a JSON list itself contributes its elements. Throws Error
/// (invalid_input) if a value has the wrong type.
[[nodiscard]] InputValue render_list(const Target& target,
                                     const std::vector<const InputField*>& fields);

}  // namespace rellama::prompt
