#pragma once

#include <string>
#include <string_view>

#include "emulator/builds.hpp"

namespace rellama::emulator {

/// What a build made of a prompt.
struct SeenPrompt {
  std::string text = {};   ///< all that the model reads
  std::string user = {};   ///< what stands for `{prompt}` in it
  std::string error = {};  ///< not empty: the model fails with it
};

/// What the model of `build` reads when it is given `input`, which the build has accepted
/// (docs/protocol.md §7).
[[nodiscard]] SeenPrompt treat_prompt(const Build& build, const Json& input);

/// Python's str.strip, lstrip and rstrip: without `set` they take white space.
[[nodiscard]] std::string_view lstrip(std::string_view text, std::string_view set);
[[nodiscard]] std::string_view rstrip(std::string_view text, std::string_view set);
[[nodiscard]] std::string_view strip(std::string_view text);

}  // namespace rellama::emulator
