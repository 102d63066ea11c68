#include "emulator/tokens.hpp"

#include <algorithm>

namespace rellama::emulator {
namespace {

constexpr std::string_view kWhite = " \t\n\r\v\f";
constexpr std::size_t kLongestPiece = 6;

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

/// Returns the first end of a character at or after `at`.
std::size_t character_end(std::string_view text, std::size_t at) {
  while (at < text.size() && continues_character(text[at])) ++at;
  return at;
}

std::size_t token_size(std::string_view text) {
  const std::size_t word = std::min(text.find_first_not_of(kWhite), text.size());
  // Not the whole rest, which may be megabytes without a space.
  const std::string_view reach = text.substr(0, word + kLongestPiece);
  return character_end(text, std::min(reach.find_first_of(kWhite, word), reach.size()));
}

/// Returns the size of the incomplete character at the end.
std::size_t unfinished(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xc0U) == 0x80U) continue;
    const std::size_t length = byte >= 0xf0U ? 4 : byte >= 0xe0U ? 3 : byte >= 0xc0U ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

}  // namespace

std::vector<std::string> split_into_tokens(std::string_view text) {
  std::vector<std::string> tokens;
  while (!text.empty()) {
    const std::size_t size = token_size(text);
    tokens.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return tokens;
}

std::size_t count_tokens(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(token_size(text));
  return count;
}

std::vector<std::string> split_into_pieces(std::string_view text, CutAt where) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    // 1, 4, 7, 3, 6, 2, 5, and so on: a short text contains every size.
    std::size_t size = std::min(1 + (pieces.size() * 3) % 7, text.size());
    if (where == CutAt::characters) {
      const std::size_t longest = size;
      while (size > 0 && size < text.size() && continues_character(text[size])) --size;
      if (size == 0) size = character_end(text, longest);
    }
    pieces.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return pieces;
}

std::vector<std::string> whole_characters(const std::vector<std::string>& tokens,
                                          std::size_t count) {
  std::vector<std::string> whole;
  whole.reserve(count);
  std::string carried;
  for (std::size_t i = 0; i < count; ++i) {
    std::string piece = carried + tokens[i];
    const std::size_t kept = piece.size() - unfinished(piece);
    carried = piece.substr(kept);
    piece.resize(kept);
    whole.push_back(std::move(piece));
  }
  return whole;
}

void stop_at(std::vector<std::string>& tokens, const std::vector<std::string>& stops) {
  std::string text;
  for (const std::string& token : tokens) text += token;
  std::size_t end = std::string::npos;
  for (const std::string& stop : stops) {
    if (!stop.empty()) end = std::min(end, text.find(stop));
  }
  if (end == std::string::npos) return;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (begin + tokens[i].size() >= end) {
      tokens[i].resize(end - begin);
      tokens.resize(i + 1);
      return;
    }
    begin += tokens[i].size();
  }
}

}  // namespace rellama::emulator
