#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::wire {

/// Reads JSON (RFC 8259) from left to right without building values. It is for documents of a known
/// form: what it refuses may still be valid, so a general parser has to decide. Every function
/// skips whitespace first. After one has failed, the position is unspecified.
class JsonReader {
 public:
  /// Reads from offset `at` of `json`, which must outlive the reader.
  explicit JsonReader(std::string_view json, std::size_t at = 0) : json_(json), at_(at) {}

  /// The offset after what was read last.
  [[nodiscard]] std::size_t at() const { return at_; }

  /// Continues at offset `at`.
  void move_to(std::size_t at) { at_ = at; }

  /// Whether only whitespace is left.
  [[nodiscard]] bool at_end() {
    skip_whitespace();
    return at_ == json_.size();
  }

  /// The next character, which is not read yet; NUL at the end.
  [[nodiscard]] char peek() {
    skip_whitespace();
    return at_ < json_.size() ? json_[at_] : '\0';
  }

  /// Reads the character `expected`, or returns false and does not read it.
  bool take(char expected) {
    if (peek() != expected) return false;
    ++at_;
    return true;
  }

  /// Reads `word`: `true`, `false` or `null`.
  bool take_word(std::string_view word);

  /// Reads a string and returns it decoded: as a view of the JSON if it has no escapes, otherwise
  /// of a buffer that the next call overwrites. Whether it is UTF-8 is not checked.
  std::optional<std::string_view> take_string();

  /// Reads an object. Calls `take_member(name)` for each member; it has to read the value and
  /// return whether it could. `name` is only valid until it reads a string.
  template <typename TakeMember>
  bool take_object(TakeMember take_member) {
    if (!take('{')) return false;
    if (take('}')) return true;
    do {
      const auto name = take_string();
      if (!name || !take(':') || !take_member(*name)) return false;
    } while (take(','));
    return take('}');
  }

  /// Reads a value of any kind and returns its text. Refuses what is nested too deeply, has too
  /// many values or too large a number.
  std::optional<std::string_view> take_value();

  /// Whether what take_value() read last is written compactly: without whitespace between tokens,
  /// and without escapes for characters that need none.
  [[nodiscard]] bool is_compact() const { return is_compact_; }

 private:
  void skip_whitespace() {
    while (at_ < json_.size() && json_[at_] <= ' ' &&
           (json_[at_] == ' ' || json_[at_] == '\n' || json_[at_] == '\r' || json_[at_] == '\t')) {
      ++at_;
      is_compact_ = false;
    }
  }

  bool skip(char expected);
  void skip_plain();
  std::size_t skip_digits();
  bool skip_number();
  bool skip_array(int depth);
  bool skip_value(int depth);
  bool take_escape();
  bool take_code_point();
  std::optional<char32_t> take_hex();

  std::string_view json_;
  std::size_t at_;
  std::string decoded_;
  std::size_t values_ = 0;  // read by take_value()
  bool is_compact_ = true;
};

}  // namespace rellama::wire
