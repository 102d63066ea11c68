// The keywords of the data file.

#include <array>
#include <utility>

#include "prompt/catalogue.hpp"

namespace rellama::prompt {
namespace {

template <typename Enum, std::size_t N>
using Words = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Words<Hosting, 6> kHostings{{
    {Hosting::official, "official"},
    {Hosting::listed, "listed"},
    {Hosting::seen, "seen"},
    {Hosting::gone, "gone"},
    {Hosting::not_listed, "not_listed"},
    {Hosting::unknown, "unknown"},
}};

// The same names as in JSON Schema, except `file` and `any`.
constexpr Words<InputType, 6> kTypes{{
    {InputType::boolean, "boolean"},
    {InputType::integer, "integer"},
    {InputType::number, "number"},
    {InputType::string, "string"},
    {InputType::file, "file"},
    {InputType::any, "any"},
}};

template <typename Enum, std::size_t N>
std::string_view render(const Words<Enum, N>& words, Enum wanted) noexcept {
  for (const auto& [value, word] : words) {
    if (value == wanted) return word;
  }
  return {};
}

template <typename Enum, std::size_t N>
std::optional<Enum> find(const Words<Enum, N>& words, std::string_view wanted) noexcept {
  for (const auto& [value, word] : words) {
    if (word == wanted) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view render_hosting(Hosting hosting) noexcept {
  return render(kHostings, hosting);
}

std::optional<Hosting> find_hosting(std::string_view word) noexcept {
  return find(kHostings, word);
}

std::string_view render_input_type(InputType type) noexcept {
  return render(kTypes, type);
}

std::optional<InputType> find_input_type(std::string_view word) noexcept {
  return find(kTypes, word);
}

}  // namespace rellama::prompt
