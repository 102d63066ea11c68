#pragma once

#include <vector>

#include "emulator/builds.hpp"
#include "emulator/reply.hpp"

namespace rellama::emulator {

/// The endpoint that a create request was sent to.
enum class BodyKind {
  with_version,  ///< /v1/predictions
  by_name,       ///< that of a model or deployment
};

/// Returns the errors in the body of a create request, except those in `input`: docs/protocol.md
/// §2.
[[nodiscard]] std::vector<InvalidField> check_body(const Json& body, BodyKind kind);

/// Returns the errors in `input`, which must be an object: docs/protocol.md §6 and §7.
[[nodiscard]] std::vector<InvalidField> check_input(const Build& build, const Json& input);

}  // namespace rellama::emulator
