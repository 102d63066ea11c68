#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::emulator {

/// The emulated models' tokens: white space with up to six bytes of the word after it, whole UTF-8
/// characters. Longer words are several tokens; a word of up to six letters is one.
[[nodiscard]] std::vector<std::string> cut_into_tokens(std::string_view text);
[[nodiscard]] std::size_t count_tokens(std::string_view text);

enum class CutAt { characters, bytes };

/// Pieces of 1 to 7 bytes.
[[nodiscard]] std::vector<std::string> cut_into_pieces(std::string_view text, CutAt where);

/// The first `count` tokens, with the characters that are cut between two tokens moved to the later
/// one. A character that is not complete yet is held back.
[[nodiscard]] std::vector<std::string> whole_characters(const std::vector<std::string>& tokens,
                                                        std::size_t count);

/// Ends the text of `tokens` where the first of `stops` begins.
void stop_at(std::vector<std::string>& tokens, const std::vector<std::string>& stops);

}  // namespace rellama::emulator
