#include "markdown/character_reference.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "wire/utf8.hpp"

namespace rellama::markdown {
namespace {

struct Named {
  std::string_view name;
  std::string_view text;
};

// The ones that occur in prose.
constexpr std::array kNamed{
    Named{"&amp;", "&"},   Named{"&lt;", "<"},        Named{"&gt;", ">"},    Named{"&quot;", "\""},
    Named{"&apos;", "'"},  Named{"&nbsp;", "\u00A0"}, Named{"&copy;", "©"},  Named{"&reg;", "®"},
    Named{"&trade;", "™"}, Named{"&hellip;", "…"},    Named{"&ndash;", "–"}, Named{"&mdash;", "—"},
    Named{"&lsquo;", "‘"}, Named{"&rsquo;", "’"},     Named{"&ldquo;", "“"}, Named{"&rdquo;", "”"},
    Named{"&times;", "×"}, Named{"&deg;", "°"},       Named{"&euro;", "€"},  Named{"&rarr;", "→"},
};

// "&#65;" or "&#x41;"
std::optional<std::string> decode_number(std::string_view reference) {
  if (!reference.starts_with("&#")) return std::nullopt;
  std::string_view digits = reference.substr(2, reference.size() - 3);
  const bool is_hex = digits.starts_with('x') || digits.starts_with('X');
  if (is_hex) digits.remove_prefix(1);
  std::uint32_t code = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, code, is_hex ? 16 : 10);
  if (error != std::errc{} || rest != end) return std::nullopt;
  if (code == '\n' || code == '\t') return " ";
  const bool is_character = code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  std::string text;
  wire::append_utf8(is_character ? char32_t{code} : U'\uFFFD', text);
  return text;
}

}  // namespace

std::string decode_reference(std::string_view reference) {
  for (const Named& named : kNamed) {
    if (named.name == reference) return std::string(named.text);
  }
  return decode_number(reference).value_or(std::string(reference));
}

}  // namespace rellama::markdown
