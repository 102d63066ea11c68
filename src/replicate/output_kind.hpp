#pragma once

#include <string>

#include "rellama/prediction.hpp"
#include "replicate/endpoint.hpp"

namespace rellama::replicate {

/// Turns the strings of an output that is not text into what they are: files or values. Where
/// `kind` is not known it is told from the strings (docs/decisions/0008).
void settle_kind(Output& output, OutputKind kind, const Endpoint& endpoint);

}  // namespace rellama::replicate
