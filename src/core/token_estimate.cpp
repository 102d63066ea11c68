#include <algorithm>
#include <cmath>

#include "rellama/transcript.hpp"

namespace rellama {
namespace {

// In English text, a Llama 2 token is about four letters and a space.
constexpr int kLettersPerToken = 4;

// Added to reported counts, since the next turn may be a different kind of text.
constexpr double kMargin = 1.1;
constexpr double kMinFactor = 0.5;
constexpr double kMaxFactor = 4;

// Most tokens of a short prompt come from the model's own formatting.
constexpr std::int64_t kFewTokens = 32;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::int64_t rough_count(std::string_view text) {
  std::int64_t tokens = 0;
  int letters = 0;
  int spaces = 0;
  for (const char c : text) {
    letters = is_letter(c) ? letters + 1 : 0;
    spaces = c == ' ' ? spaces + 1 : 0;
    if (letters > 0) {
      if (letters % kLettersPerToken == 1) ++tokens;
    } else if (spaces != 1) {  // one space belongs to the word after it
      if (spaces == 0 || spaces == 2) ++tokens;
    }
  }
  return tokens;
}

}  // namespace

std::int64_t TokenEstimate::count(std::string_view text) const noexcept {
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(rough_count(text)) * factor_));
}

void TokenEstimate::observe(std::int64_t estimated, std::int64_t reported) noexcept {
  if (estimated < kFewTokens || reported < kFewTokens) return;
  const double ratio = static_cast<double>(reported) / static_cast<double>(estimated);
  factor_ = std::clamp(factor_ * ratio * kMargin, kMinFactor, kMaxFactor);
}

}  // namespace rellama
