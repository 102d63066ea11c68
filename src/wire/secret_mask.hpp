#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::wire {

/// Secrets that must not leave the program in a text that a server has written. It recognizes them
/// as they are; with any of their characters escaped as in JSON (`\u0072`, `\/`, also a string
/// within a string), percent-encoded, or as an HTML reference; and in base64, in either alphabet
/// and at any offset, or hexadecimal.
class SecretMask {
 public:
  /// Shorter ones are not looked for: they would be found in ordinary words.
  static constexpr std::size_t kShortest = 6;

  /// Adds a secret. `mark` is shown instead; it must outlive the mask.
  void add(std::string_view secret, std::string_view mark);

  /// Replaces the secrets in a complete text.
  void hide_in(std::string& text) const;

  /// The same mask for the body of a request or a response, where a secret may also be spread over
  /// the strings of a JSON array or the data of several events.
  [[nodiscard]] SecretMask for_bodies() const;

 private:
  friend class MaskedText;

  enum class Coding { plain, base64, hexadecimal };
  struct Pattern {
    std::string characters;
    Coding coding;
    std::string_view mark;
  };
  // What was found at a place in a text.
  struct Match {
    enum class Kind { none, whole, begun } kind = Kind::none;
    std::size_t length = 0;
    std::size_t characters = 0;  // of the pattern
    std::string_view mark = {};
  };

  void add_pattern(std::string characters, Coding coding, std::string_view mark);
  [[nodiscard]] bool may_begin(std::string_view text) const;
  [[nodiscard]] bool may_begin(char c, char next) const;
  [[nodiscard]] Match match(std::string_view text) const;
  [[nodiscard]] Match match(const Pattern& pattern, std::string_view text) const;
  // The first secret, or the beginning of one at the end of the text, from `at` on; sets `at`.
  [[nodiscard]] Match find(std::string_view text, std::size_t& at) const;

  std::vector<Pattern> patterns_;
  // Most places can be passed over by looking at one or two bytes.
  std::array<bool, 256> first_{};   // the first characters of the patterns
  std::array<bool, 256> begins_{};  // those, and what encodings begin with
  std::bitset<65536> pairs_;        // a first character, times 256, and what can follow it
  bool across_pieces_ = false;      // whether a secret may be spread over several pieces
};

/// Hides secrets in a text that arrives in pieces. What may be the beginning of a secret is held
/// back, except for its first three characters: holding back every `r` would delay ordinary text.
class MaskedText {
 public:
  /// `mask` must outlive this object.
  explicit MaskedText(const SecretMask& mask) : mask_(mask) {}

  /// Takes the next piece and returns what can be shown now. The view is into `piece` or into this
  /// object, valid until the next call and as long as `piece`.
  [[nodiscard]] std::string_view filter(std::string_view piece);

  /// Returns what was held back at the end of the text.
  [[nodiscard]] std::string_view finish();

 private:
  const SecretMask& mask_;
  std::string held_;       // what may be the beginning of a secret
  std::size_t given_ = 0;  // how much of that has been returned already
  std::string shown_;
};

}  // namespace rellama::wire
