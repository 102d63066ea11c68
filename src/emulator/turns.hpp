#pragma once

#include <string_view>
#include <vector>

namespace rellama::emulator {

enum class Role { system, user, assistant };

/// A turn in a text that a model reads.
struct SeenTurn {
  Role role;
  std::string_view text;  ///< without white space around it
};

/// Splits a text into turns, in any of the formats of docs/protocol.md §7. A text in no such format
/// is one turn of the user. Empty turns are left out.
[[nodiscard]] std::vector<SeenTurn> read_turns(std::string_view text);

[[nodiscard]] const char* name_of(Role role) noexcept;

}  // namespace rellama::emulator
