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

void KeyDecoder::feed(std::string_view bytes) {
  bytes_.erase(0, std::exchange(begin_, 0));
  bytes_ += bytes;
}

std::string_view KeyDecoder::mark() const {
  if (pasting_) return kPasteEnds;
  return after_escape_key_ ? kPasteBegins.substr(1) : kPasteBegins;
}

bool KeyDecoder::waits_for_mark() const {
  return !is_key_ && !held().empty() && held().size() < mark().size() && mark().starts_with(held());
}

bool KeyDecoder::may_be_key() const {
  return waits_for_mark() && !pasting_ && held().size() == 1;
}

bool KeyDecoder::take_mark() {
  if (!held().starts_with(mark())) return false;
  begin_ += mark().size();
  pasting_ = !pasting_;
  after_escape_key_ = false;
  return true;
}

char32_t KeyDecoder::take_character(std::size_t size) {
  const std::string_view bytes = held();
  const auto lead = static_cast<unsigned char>(bytes.front());
  const bool is_valid = !wire::find_invalid_utf8(bytes.substr(0, size));
  char32_t code = size == 1 ? lead : lead & (0x7FU >> size);
  std::size_t taken = 1;
  while (taken < size && is_continuation(bytes[taken])) {
    code = code << 6U | (static_cast<unsigned char>(bytes[taken++]) & 0x3FU);
  }
  begin_ += taken;
  return is_valid ? code : kReplacement;
}

std::optional<char32_t> KeyDecoder::next() {
  while (!held().empty() && !waits_for_mark()) {
    if (take_mark()) continue;
    after_escape_key_ = std::exchange(is_key_, false) && held().front() == '\x1b';
    const std::string_view bytes = held();
    const std::size_t size = length_of(static_cast<unsigned char>(bytes.front()));
    if (size == 0) {
      ++begin_;
      return kReplacement;
    }
    const std::string_view rest = bytes.substr(1, size - 1);
    if (bytes.size() < size && std::all_of(rest.begin(), rest.end(), is_continuation)) {
      return std::nullopt;
    }
    const char32_t character = take_character(size);
    if (!pasting_) return character;
    if (character == U'\r' || character == U'\n') {
      if (character == U'\r' && held().starts_with('\n')) ++begin_;
      return kLineEndSign;
    }
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
