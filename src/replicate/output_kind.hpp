#pragma once

#include <cstddef>
#include <string>

#include "rellama/prediction.hpp"
#include "replicate/endpoint.hpp"

namespace rellama::replicate {

/// More text than any model writes. Limits the memory that a hostile server can take.
inline constexpr std::size_t kMaxOutputBytes = std::size_t{64} << 20;

/// Converts the strings of an output that is not text to files or values. If `kind` is unknown, it
/// is inferred from the strings (docs/decisions/0008).
void apply_kind(Output& output, OutputKind kind, const Endpoint& endpoint);

}  // namespace rellama::replicate
