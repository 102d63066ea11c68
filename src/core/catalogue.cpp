#include "rellama/catalogue.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace rellama {
namespace {

constexpr std::array kModels{
#include "catalogue_rows.inc"
};

// Calls `visit` with each alias; stops where it gives true.
template <typename Visit>
bool any_alias(const CatalogueModel& model, const Visit& visit) {
  std::string_view rest = model.aliases;
  while (!rest.empty()) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    if (visit(rest.substr(0, space))) return true;
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return false;
}

// How many letters have to be changed, added or left out (Levenshtein).
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t i = 0; i <= to.size(); ++i) row[i] = i;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[to.size()];
}

}  // namespace

std::span<const CatalogueModel> catalogue() noexcept {
  return kModels;
}

const CatalogueModel* find_in_catalogue(std::string_view alias) noexcept {
  const auto found = std::find_if(kModels.begin(), kModels.end(), [alias](const auto& model) {
    return any_alias(model, [alias](std::string_view one) { return one == alias; });
  });
  return found == kModels.end() ? nullptr : &*found;
}

std::string nearest_alias(std::string_view word) {
  constexpr std::size_t kMaxWord = 64;
  if (word.size() > kMaxWord) return {};
  std::string nearest;
  std::size_t least = std::max<std::size_t>(1, word.size() / 4) + 1;
  for (const CatalogueModel& model : kModels) {
    any_alias(model, [&](std::string_view alias) {
      if (const std::size_t changes = distance(word, alias); changes < least) {
        least = changes;
        nearest = alias;
      }
      return false;
    });
  }
  return nearest;
}

}  // namespace rellama
