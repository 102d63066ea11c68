#include "wire/damaged_object.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "rellama/error.hpp"
#include "wire/json_document.hpp"
#include "wire/utf8.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

// Bounds the work: each lost member may be scanned to the end.
constexpr std::size_t kMostLost = 16;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kSpace = " \t\r\n";

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The offset of the first character from `at` that is not whitespace.
std::size_t skip_space(std::string_view json, std::size_t at) {
  return std::min(json.find_first_not_of(kSpace, at), json.size());
}

// The code unit of the escape `\uXXXX` at `at`, or nullopt.
std::optional<unsigned> code_unit_at(std::string_view text, std::size_t at) {
  const auto escape = text.substr(std::min(at, text.size()), 6);
  if (escape.size() < 6 || !escape.starts_with("\\u")) return std::nullopt;
  if (!std::all_of(escape.begin() + 2, escape.end(), is_hex)) return std::nullopt;
  return static_cast<unsigned>(std::stoul(std::string(escape.substr(2)), nullptr, 16));
}

class Repair {
 public:
  explicit Repair(std::string_view value) : value_(value) {}

  std::string run() {
    while (at_ < value_.size()) {
      if (in_string_) {
        copy_string_part();
      } else {
        copy_plain_part();
      }
    }
    return std::move(repaired_);
  }

 private:
  void copy(std::size_t size) {
    repaired_ += value_.substr(at_, size);
    at_ += size;
  }

  void replace(std::size_t size, std::string_view by) {
    repaired_ += by;
    at_ += size;
  }

  void copy_plain_part() {
    constexpr std::array<std::string_view, 5> kNotNumbers{"NaN", "-Infinity", "Infinity", "nan",
                                                          "inf"};
    const std::string_view rest = value_.substr(at_);
    for (const std::string_view word : kNotNumbers) {
      if (rest.starts_with(word)) return replace(word.size(), "null");
    }
    in_string_ = rest.front() == '"';
    copy(1);
  }

  void copy_string_part() {
    const char c = value_[at_];
    if (c == '\\') return copy_escape();
    if (static_cast<unsigned char>(c) >= 0x80) return copy_character();
    if (static_cast<unsigned char>(c) < 0x20) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      return replace(1, std::string("\\u00") + kDigits[byte >> 4U] + kDigits[byte & 0xFU]);
    }
    in_string_ = c != '"';
    copy(1);
  }

  void copy_escape() {
    if (const auto unit = code_unit_at(value_, at_)) return copy_code_unit(*unit);
    const bool is_valid = at_ + 1 < value_.size() &&
                          std::string_view("\"\\/bfnrt").find(value_[at_ + 1]) != std::string::npos;
    if (is_valid) return copy(2);
    replace(1, "\\\\");
  }

  void copy_code_unit(unsigned unit) {
    constexpr std::size_t kEscape = 6;
    const bool is_surrogate = unit >= 0xD800 && unit <= 0xDFFF;
    if (!is_surrogate) return copy(kEscape);
    const auto next = code_unit_at(value_, at_ + kEscape);
    const bool is_pair = unit < 0xDC00 && next && *next >= 0xDC00 && *next <= 0xDFFF;
    if (is_pair) return copy(2 * kEscape);
    replace(kEscape, kReplacement);
  }

  void copy_character() {
    const auto lead = static_cast<unsigned char>(value_[at_]);
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    const std::string_view text = value_.substr(at_, size);
    if (text.size() == size && !find_invalid_utf8(text)) return copy(size);
    replace(1, kReplacement);
  }

  std::string_view value_;
  std::size_t at_ = 0;
  bool in_string_ = false;
  std::string repaired_;
};

// The offset after the string that starts at `at`; past the end if it does not end.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

// The offset after the value that starts at `at`, which need not be valid.
std::size_t end_of_value(std::string_view json, std::size_t at) {
  if (at >= json.size()) return at;
  if (json[at] == '"') return end_of_string(json, at);
  if (json[at] != '{' && json[at] != '[')
    return std::min(json.find_first_of(",}", at), json.size());
  int depth = 0;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      at = end_of_string(json, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0) return at;
  }
  return json.size() + 1;
}

class Members {
 public:
  Members(std::string_view json, std::span<const std::string_view> names)
      : json_(json), names_(names) {}

  std::optional<RecoveredObject> read() {
    const auto last = json_.find_last_not_of(kSpace);
    if (last == std::string_view::npos || json_[last] != '}') return std::nullopt;
    std::size_t at = skip_space(json_, 0);
    if (json_[at] != '{') return std::nullopt;
    at = skip_space(json_, at + 1);
    recovered_.object = Json::object();
    while (at < last) {
      if (recovered_.lost.size() > kMostLost) return std::nullopt;
      at = read_member(at, last);
    }
    if (at != last || is_cut_) return std::nullopt;
    return std::move(recovered_);
  }

 private:
  // Reads the member at `at`, and returns where the next one or the end of the object is.
  std::size_t read_member(std::size_t at, std::size_t last) {
    const auto value = value_of_key(at);
    if (!value) return lose("", at, last);
    const std::string name(json_.substr(at + 1, json_.find('"', at + 1) - at - 1));
    const std::size_t end = end_of_value(json_, *value);
    const auto next = next_member(end, last);
    if (!next) {
      const std::size_t known = lose(name, *value, last);
      // A whole value ends here, and not the object.
      is_cut_ = known == last && end == last + 1;
      return known;
    }
    try {
      auto member = parse_document(repair_json(json_.substr(*value, end - *value)), "a member");
      // Others are not needed, and an object of very many members would take quadratic time.
      if (is_known(name)) recovered_.object[name] = std::move(member);
    } catch (const Error&) {
      // A quote or bracket may be missing, so that what follows was taken for a part of the value.
      return std::min(lose(name, *value, last), *next);
    }
    return *next;
  }

  // The offset of the value of the key at `at`; nullopt if there is no key.
  [[nodiscard]] std::optional<std::size_t> value_of_key(std::size_t at) const {
    if (at >= json_.size() || json_[at] != '"') return std::nullopt;
    const std::size_t colon = skip_space(json_, end_of_string(json_, at));
    if (colon >= json_.size() || json_[colon] != ':') return std::nullopt;
    return skip_space(json_, colon + 1);
  }

  // What follows a value that ends at `end`: the next key, the end of the object, or nullopt. One
  // character instead of the comma is accepted before a known name.
  [[nodiscard]] std::optional<std::size_t> next_member(std::size_t end, std::size_t last) const {
    const std::size_t comma = skip_space(json_, end);
    if (comma >= last) return comma == last ? std::optional(last) : std::nullopt;
    const std::size_t key = skip_space(json_, comma + 1);
    if (json_[comma] == ',' ? json_[key] == '"' : is_known_key(key)) return key;
    return std::nullopt;
  }

  [[nodiscard]] bool is_known(std::string_view name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }

  [[nodiscard]] bool is_known_key(std::size_t at) const {
    if (!value_of_key(at)) return false;
    const std::string_view rest = json_.substr(at + 1);
    return std::any_of(names_.begin(), names_.end(), [rest](std::string_view name) {
      return rest.starts_with(name) && rest.substr(name.size()).starts_with('"');
    });
  }

  // Records that a member is unreadable. Returns where the next known one after `at` is.
  std::size_t lose(std::string name, std::size_t at, std::size_t last) {
    recovered_.lost.push_back(std::move(name));
    for (at = json_.find('"', at + 1); at < last; at = json_.find('"', at + 1)) {
      const auto before = json_.find_last_not_of(kSpace, at - 1);
      if (json_[before] != '\\' && json_[before] != '{' && is_known_key(at)) return at;
    }
    return last;
  }

  std::string_view json_;
  std::span<const std::string_view> names_;
  RecoveredObject recovered_;
  bool is_cut_ = false;
};

}  // namespace

std::string repair_json(std::string_view value) {
  return Repair(value).run();
}

std::optional<RecoveredObject> recover_object(std::string_view json,
                                              std::span<const std::string_view> names) {
  return Members(json, names).read();
}

std::optional<DamagedText> find_damaged_text(std::string_view json) {
  constexpr std::size_t kFewest = 3;  // of fewer items, one that is no text may be meant
  const auto list = find_json(json);
  if (!list.is_array() || list.size() < kFewest) return std::nullopt;
  DamagedText text;
  bool is_past = false;
  for (const auto& item : list) {
    if (item.is_string()) {
      (is_past ? text.after : text.before) += item.get_ref<const std::string&>();
    } else if (std::exchange(is_past, true)) {
      return std::nullopt;
    }
  }
  return is_past ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace rellama::wire
