#include <array>
#include <utility>

#include "prompt/catalogue.hpp"

namespace rellama::prompt {
namespace {

constexpr std::array<std::pair<Hosting, std::string_view>, 6> kWords{{
    {Hosting::official, "official"},
    {Hosting::listed, "listed"},
    {Hosting::seen, "seen"},
    {Hosting::gone, "gone"},
    {Hosting::not_listed, "not_listed"},
    {Hosting::unknown, "unknown"},
}};

}  // namespace

std::string_view render_hosting(Hosting hosting) noexcept {
  for (const auto& [row, word] : kWords) {
    if (row == hosting) return word;
  }
  return "unknown";
}

std::optional<Hosting> find_hosting(std::string_view word) noexcept {
  for (const auto& [hosting, row] : kWords) {
    if (row == word) return hosting;
  }
  return std::nullopt;
}

}  // namespace rellama::prompt
