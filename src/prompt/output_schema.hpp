#pragma once

#include "rellama/client.hpp"
#include "rellama/prediction.hpp"

namespace rellama::prompt {

/// What a version puts out by its own schema (docs/protocol.md §4); unknown where it does not say.
[[nodiscard]] OutputKind read_output_kind(const PublishedVersion& version);

}  // namespace rellama::prompt
