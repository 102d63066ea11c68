#pragma once

#include "rellama/client.hpp"
#include "rellama/prediction.hpp"

namespace rellama::prompt {

/// The kind of output according to the version's schema (docs/protocol.md §4).
[[nodiscard]] OutputKind read_output_kind(const PublishedVersion& version);

}  // namespace rellama::prompt
