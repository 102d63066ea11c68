#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rellama {

/// A finished turn of a conversation: the user's message and the answer, unaltered.
struct Turn {
  std::string user;
  std::string assistant;
  bool operator==(const Turn&) const = default;
};

/// Estimates the number of tokens in a text, erring on the high side. Token counts reported by a
/// model improve the estimate, so keep one object per model and conversation.
class TokenEstimate {
 public:
  /// Counts a token for every four letters, and for every digit, punctuation mark, newline and
  /// non-ASCII byte.
  [[nodiscard]] std::int64_t count(std::string_view text) const noexcept;

  /// Learns that a prompt estimated at `estimated` tokens had `reported` tokens
  /// (`input_token_count` in the metrics). Ignores counts below 32, which say little.
  void observe(std::int64_t estimated, std::int64_t reported) noexcept;

 private:
  double factor_ = 1;
};

/// How a conversation was fitted into the model's context window.
struct PromptFit {
  std::size_t turns_dropped = 0;  ///< the oldest first, except the very first turn, which is last
  std::int64_t estimated_tokens = 0;  ///< of the remaining prompt, for `TokenEstimate::observe`
  std::int64_t answer_tokens = 0;     ///< reserved for the answer
  std::int64_t window = 0;            ///< context window in tokens, prompt and answer together
  bool window_is_known = false;       ///< false: a conservative guess
  bool operator==(const PromptFit&) const = default;
};

}  // namespace rellama
