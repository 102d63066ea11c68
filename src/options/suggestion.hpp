#pragma once

#include <string>
#include <vector>

namespace rellama::program {

/// The remedy for an unknown name: "did you mean NAME?" if a candidate is close, else `otherwise`.
[[nodiscard]] std::string did_you_mean(const std::string& name,
                                       const std::vector<std::string>& candidates,
                                       const std::string& otherwise);

}  // namespace rellama::program
