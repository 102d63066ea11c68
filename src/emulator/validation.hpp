#pragma once

#include <vector>

#include "emulator/builds.hpp"
#include "emulator/reply.hpp"

namespace rellama::emulator {

/// Which create endpoint a body was posted to.
enum class BodyKind {
  with_version,  ///< /v1/predictions
  by_name,       ///< a model's or a deployment's
};

/// What is wrong with the body of a create apart from the input's own fields: docs/protocol.md §2.
[[nodiscard]] std::vector<InvalidField> check_body(const Json& body, BodyKind kind);

/// What the build refuses of `input`, which must be an object: docs/protocol.md §6 and §7.
[[nodiscard]] std::vector<InvalidField> check_input(const Build& build, const Json& input);

}  // namespace rellama::emulator
