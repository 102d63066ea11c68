#pragma once

#include <string_view>
#include <vector>

namespace rellama::emulator {

enum class Role { system, user, assistant };

/// Who says what in a text that a model reads.
struct SeenTurn {
  Role role;
  std::string_view text;  ///< without the white space around it
};

/// The turns of a text, in whichever form of docs/protocol.md §7 it is written; one turn of the
/// user's if in none. Parts that say nothing are left out.
[[nodiscard]] std::vector<SeenTurn> read_turns(std::string_view text);

[[nodiscard]] const char* name_of(Role role) noexcept;

}  // namespace rellama::emulator
