#include "wire/exact_number.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

// A string of a server that begins like this is at worst shown as a number.
constexpr std::string_view kMark{"\0#", 2};
constexpr std::string_view kEscapedMark = "\\u0000#";

constexpr std::string_view kNumberCharacters = "+-.0123456789Ee";

// The number of digits that every 64-bit integer has room for.
constexpr std::size_t kSafeDigits = 18;

std::size_t skip_digits(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of("0123456789", at), text.size());
}

// Whether `text` is a number by RFC 8259.
bool is_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = skip_digits(text, at);
  if (whole == at || (text[at] == '0' && whole > at + 1)) return false;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = skip_digits(text, at + 1);
    if (fraction == at + 1) return false;
    at = fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = skip_digits(text, at);
    if (exponent == at) return false;
    at = exponent;
  }
  return at == text.size();
}

template <typename Number>
bool fits(std::string_view number) {
  Number value{};
  return std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc{};
}

bool needs_mark(std::string_view number) {
  const bool is_integer = number.find_first_of(".eE") == std::string_view::npos;
  if (is_integer && number.size() <= kSafeDigits) return false;
  if (!is_number(number)) return false;
  if (!is_integer) return !fits<double>(number);
  return !fits<std::int64_t>(number) && !fits<std::uint64_t>(number);
}

// The offset after the string that starts at `at`.
std::size_t end_of_text(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return std::min(at + 1, json.size());
}

bool contains_exact(const Json& value) {
  if (value.is_binary()) return true;
  return value.is_structured() && std::any_of(value.begin(), value.end(), contains_exact);
}

class Writer {
 public:
  Writer(int indent, bool ascii_only) : indent_(indent), ascii_only_(ascii_only) {}

  void write(const Json& value, int depth) {
    if (value.is_binary()) {
      text_ += find_exact_number(value);
    } else if (value.is_structured() && !value.empty()) {
      text_ += value.is_object() ? '{' : '[';
      write_elements(value, depth + 1);
      start_line(depth);
      text_ += value.is_object() ? '}' : ']';
    } else {
      text_ += value.dump(-1, ' ', ascii_only_, Json::error_handler_t::replace);
    }
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void write_elements(const Json& value, int depth) {
    bool is_first = true;
    for (const auto& [name, element] : value.items()) {
      if (!is_first) text_ += ',';
      is_first = false;
      start_line(depth);
      if (value.is_object()) {
        text_ += Json(name).dump(-1, ' ', ascii_only_, Json::error_handler_t::replace);
        text_ += indent_ < 0 ? ":" : ": ";
      }
      write(element, depth);
    }
  }

  void start_line(int depth) {
    if (indent_ < 0) return;
    text_ += '\n';
    text_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(depth), ' ');
  }

  const int indent_;
  const bool ascii_only_;
  std::string text_;
};

}  // namespace

std::optional<std::string> mark_exact_numbers(std::string_view json) {
  std::string marked;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < json.size();) {
    at = std::min(json.find_first_of("\"-0123456789", at), json.size());
    if (at == json.size()) break;
    if (json[at] == '"') {
      at = end_of_text(json, at);
      continue;
    }
    const std::size_t end = std::min(json.find_first_not_of(kNumberCharacters, at), json.size());
    const std::string_view number = json.substr(at, end - at);
    if (needs_mark(number)) {
      marked.append(json.substr(copied, at - copied)).append("\"").append(kEscapedMark);
      marked.append(number).append("\"");
      copied = end;
    }
    at = end;
  }
  if (copied == 0) return std::nullopt;
  return marked.append(json.substr(copied));
}

void restore_number(Json& value) {
  if (!value.is_string()) return;
  const auto& text = value.get_ref<const std::string&>();
  if (!text.starts_with(kMark)) return;
  const std::string number = text.substr(kMark.size());
  if (is_number(number)) value = Json::binary({number.begin(), number.end()});
}

std::string find_exact_number(const Json& value) {
  if (!value.is_binary()) return {};
  const auto& bytes = value.get_binary();
  return {bytes.begin(), bytes.end()};
}

std::string render_exact(const Json& value, int indent, bool ascii_only) {
  if (!contains_exact(value)) {
    return value.dump(indent, ' ', ascii_only, Json::error_handler_t::replace);
  }
  Writer writer(indent, ascii_only);
  writer.write(value, 0);
  return writer.take();
}

}  // namespace rellama::wire
