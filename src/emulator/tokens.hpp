#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::emulator {

/// Splits a text into the tokens of the emulated models: white space and up to six bytes of the
/// word that follows, in whole UTF-8 characters. Longer words are several tokens.
[[nodiscard]] std::vector<std::string> split_into_tokens(std::string_view text);
[[nodiscard]] std::size_t count_tokens(std::string_view text);

enum class CutAt { characters, bytes };

/// Splits a text into pieces of 1 to 7 bytes.
[[nodiscard]] std::vector<std::string> split_into_pieces(std::string_view text, CutAt where);

/// Returns the first `count` tokens. Characters that two tokens share are moved to the later one,
/// and an incomplete character at the end is dropped.
[[nodiscard]] std::vector<std::string> whole_characters(const std::vector<std::string>& tokens,
                                                        std::size_t count);

/// Cuts the tokens at the first of the stop sequences.
void stop_at(std::vector<std::string>& tokens, const std::vector<std::string>& stops);

}  // namespace rellama::emulator
