#pragma once

#include <string>

#include "rellama/prediction.hpp"
#include "replicate/endpoint.hpp"

namespace rellama::replicate {

/// Converts the strings of an output that is not text to files or values. If `kind` is unknown, it
/// is inferred from the strings (docs/decisions/0008).
void apply_kind(Output& output, OutputKind kind, const Endpoint& endpoint);

}  // namespace rellama::replicate
