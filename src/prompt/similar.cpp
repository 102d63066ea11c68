#include "prompt/similar.hpp"

#include <algorithm>
#include <vector>

namespace rellama::prompt {
namespace {

// Input names are short: anything longer is not a misspelled input.
constexpr std::size_t kLongestName = 64;

// Damerau-Levenshtein distance: swapped neighbors count as one edit.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + changed});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string find_similar(std::string_view name, std::span<const std::string> candidates) {
  if (name.empty() || name.size() > kLongestName) return {};
  std::string best;
  std::size_t best_edits = name.size() < 5 ? 1 : 2;  // two edits change too much of a short word
  for (const std::string& candidate : candidates) {
    // A difference in length needs at least as many edits.
    const auto [shorter, longer] = std::minmax({candidate.size(), name.size()});
    if (longer - shorter > best_edits) continue;
    const std::size_t edits = distance(name, candidate);
    if (edits < best_edits || (edits == best_edits && best.empty())) {
      best_edits = edits;
      best = candidate;
    }
  }
  if (!best.empty() || name.size() < 3) return best;
  const auto begins = std::find_if(candidates.begin(), candidates.end(),
                                   [name](const std::string& c) { return c.starts_with(name); });
  return begins == candidates.end() ? std::string() : *begins;
}

bool is_near_miss(std::string_view word, std::string_view name) {
  constexpr std::size_t kLongestShort = 5;
  if (word == name || word.size() > name.size() + 1 || name.size() > word.size() + 1) return false;
  if (word.size() > kLongestShort) return distance(word, name) == 1;
  if (word.size() != name.size()) return false;
  const auto differs = static_cast<std::size_t>(
      std::mismatch(word.begin(), word.end(), name.begin()).first - word.begin());
  return differs + 1 < word.size() && word[differs] == name[differs + 1] &&
         word[differs + 1] == name[differs] && word.substr(differs + 2) == name.substr(differs + 2);
}

}  // namespace rellama::prompt
