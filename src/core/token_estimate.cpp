#include <algorithm>
#include <cmath>

#include "rellama/transcript.hpp"

namespace rellama {
namespace {

// English has about four letters and a blank to a token of Llama 2.
constexpr int kLettersPerToken = 4;

// So much is added to what was reported: the next turn may be of another kind.
constexpr double kMargin = 1.1;
constexpr double kLeastFactor = 0.5;
constexpr double kMostFactor = 4;

// A short prompt is mostly what the build puts around it.
constexpr std::int64_t kFewTokens = 32;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::int64_t rough_count(std::string_view text) {
  std::int64_t tokens = 0;
  int letters = 0;
  int blanks = 0;
  for (const char c : text) {
    letters = is_letter(c) ? letters + 1 : 0;
    blanks = c == ' ' ? blanks + 1 : 0;
    if (letters > 0) {
      if (letters % kLettersPerToken == 1) ++tokens;
    } else if (blanks != 1) {  // one blank belongs to the word behind it
      if (blanks == 0 || blanks == 2) ++tokens;
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
  factor_ = std::clamp(factor_ * ratio * kMargin, kLeastFactor, kMostFactor);
}

}  // namespace rellama
