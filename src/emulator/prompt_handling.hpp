#pragma once

#include <string>
#include <string_view>

#include "emulator/builds.hpp"

namespace rellama::emulator {

/// A prompt as the model sees it.
struct SeenPrompt {
  std::string text = {};   ///< everything that the model reads
  std::string user = {};   ///< the part of it that replaces `{prompt}`
  std::string error = {};  ///< if not empty, the model fails with this error
};

/// Returns what the model reads for an input that `check_input` accepts (docs/protocol.md §7).
[[nodiscard]] SeenPrompt handle_prompt(const Build& build, const Json& input);

/// Like Python's str.lstrip, rstrip and strip.
[[nodiscard]] std::string_view lstrip(std::string_view text, std::string_view set);
[[nodiscard]] std::string_view rstrip(std::string_view text, std::string_view set);
[[nodiscard]] std::string_view strip(std::string_view text);

}  // namespace rellama::emulator
