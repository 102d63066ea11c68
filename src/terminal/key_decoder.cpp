#include "terminal/key_decoder.hpp"

#include <algorithm>
#include <utility>

#include "wire/utf8.hpp"

namespace rellama::terminal {
namespace {

constexpr std::string_view kPasteBegins = "\x1b[200~";
constexpr std::string_view kPasteEnds = "\x1b[201~";

constexpr std::string_view kLineEndText = "\u2424";
constexpr std::string_view kTabText = "\u2409";

constexpr char32_t kByteOrderMark = U'\uFEFF';
constexpr char32_t kReplacement = U'\uFFFD';

// The length of the character that starts with `lead`; 0 if none does.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t found = std::min(text.find(from, at), text.size());
    out += text.substr(at, found - at);
    if (found == text.size()) break;
    out += to;
    at = found + from.size();
  }
  return out;
}

}  // namespace

// Reading drops nothing, so that a long text takes linear time.
void KeyDecoder::feed(std::string_view bytes) {
  bytes_.erase(0, std::exchange(at_, 0));
  bytes_ += bytes;
}

std::string_view KeyDecoder::mark() const {
  if (pasting_) return kPasteEnds;
  return after_escape_key_ ? kPasteBegins.substr(1) : kPasteBegins;
}

bool KeyDecoder::waits_for_mark() const {
  return !is_key_ && !rest().empty() && rest().size() < mark().size() && mark().starts_with(rest());
}

bool KeyDecoder::may_be_key() const {
  return waits_for_mark() && !pasting_ && rest().size() == 1;
}

bool KeyDecoder::take_mark() {
  if (!rest().starts_with(mark())) return false;
  at_ += mark().size();
  pasting_ = !pasting_;
  after_escape_key_ = false;
  after_return_ = false;
  return true;
}

char32_t KeyDecoder::take_character(std::size_t size) {
  const std::string_view held = rest();
  const auto lead = static_cast<unsigned char>(held.front());
  const bool is_valid = !wire::find_invalid_utf8(held.substr(0, size));
  char32_t code = size == 1 ? lead : lead & (0x7FU >> size);
  std::size_t taken = 1;
  while (taken < size && is_continuation(held[taken])) {
    code = code << 6U | (static_cast<unsigned char>(held[taken++]) & 0x3FU);
  }
  at_ += taken;
  return is_valid ? code : kReplacement;
}

std::optional<char32_t> KeyDecoder::next() {
  while (!rest().empty() && !waits_for_mark()) {
    if (take_mark()) continue;
    after_escape_key_ = std::exchange(is_key_, false) && rest().front() == '\x1b';
    const std::string_view held = rest();
    const std::size_t size = length_of(static_cast<unsigned char>(held.front()));
    if (size == 0) {
      ++at_;
      return kReplacement;
    }
    const bool is_part =
        held.size() < size && std::all_of(held.begin() + 1, held.end(), is_continuation);
    if (is_part) return std::nullopt;
    const char32_t character = take_character(size);
    if (!pasting_) return character;
    const bool ends_pair = std::exchange(after_return_, character == U'\r') && character == U'\n';
    if (ends_pair || character == kByteOrderMark) continue;
    if (character == U'\r' || character == U'\n') return kLineEndSign;
    if (character == U'\t') return kTabSign;
    if (character >= U' ' && character != U'\x7f') return character;
  }
  return std::nullopt;
}

std::string without_signs(std::string_view line) {
  return replaced(replaced(line, kLineEndText, "\n"), kTabText, "\t");
}

std::string with_signs(std::string_view text) {
  return replaced(replaced(text, "\n", kLineEndText), "\t", kTabText);
}

}  // namespace rellama::terminal
