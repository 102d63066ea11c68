#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rellama {

/// A finished exchange of a conversation: what was typed and what was answered, as it was.
struct Turn {
  std::string user;
  std::string assistant;
  bool operator==(const Turn&) const = default;
};

/// Estimates how many tokens a text has, rather too many than too few. What the models report makes
/// the estimate better: keep one for each model of a conversation, and tell it.
class TokenEstimate {
 public:
  /// Four letters are a token; so is every digit, every sign, every line end and every byte that is
  /// not ASCII.
  [[nodiscard]] std::int64_t count(std::string_view text) const noexcept;

  /// A prompt that this object gave `estimated` tokens had `reported` of them
  /// (`input_token_count` in the metrics). Few tokens say nothing and are passed over.
  void observe(std::int64_t estimated, std::int64_t reported) noexcept;

 private:
  double factor_ = 1;
};

/// How a conversation went into what the model can read at once.
struct PromptFit {
  std::size_t turns_dropped = 0;      ///< the oldest but the very first; that one last of all
  std::int64_t estimated_tokens = 0;  ///< of what was left, for `TokenEstimate::observe`
  std::int64_t answer_tokens = 0;     ///< kept free for the answer
  std::int64_t window = 0;            ///< in tokens, prompt and answer together
  bool window_is_known = false;       ///< not known: a careful guess
  bool operator==(const PromptFit&) const = default;
};

}  // namespace rellama
