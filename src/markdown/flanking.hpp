#pragma once

#include <string>
#include <string_view>

namespace rellama::markdown {

/// Stands for a letter that is not shown.
inline constexpr char kLetterMark = '\x1e';

/// Whether the character that starts with this byte is probably Chinese, Japanese or Korean.
[[nodiscard]] constexpr bool begins_east_asian(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0xE3 && byte <= 0xED) || byte == 0xEF;
}

/// `text` with letter marks around the asterisks and tildes that CommonMark would not take for
/// emphasis next to East Asian text. Its rules expect blanks around punctuation, which Chinese and
/// Japanese do not have: in "**强调。**文字" the second pair would not close the first.
[[nodiscard]] std::string with_letter_marks(std::string_view text);

}  // namespace rellama::markdown
