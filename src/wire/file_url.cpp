#include "wire/file_url.hpp"

#include <algorithm>
#include <cctype>

namespace rellama::wire {
namespace {

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_case) noexcept {
  return text.size() > lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                    [](char expected, unsigned char c) { return std::tolower(c) == expected; });
}

// RFC 3986 allows no other characters. Text after a URL usually contains some of those excluded.
bool is_url_character(unsigned char c) noexcept {
  constexpr std::string_view kExcluded = "\"<>\\^`{|}";
  return c > 0x20 && c < 0x7F && kExcluded.find(static_cast<char>(c)) == std::string_view::npos;
}

}  // namespace

bool is_file_url(std::string_view text) noexcept {
  if (!std::all_of(text.begin(), text.end(), is_url_character)) return false;
  if (is_data_url(text)) return text.find(',') != std::string_view::npos;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!starts_with_ignoring_case(text, scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    return std::isalnum(static_cast<unsigned char>(rest.front())) != 0 || rest.front() == '[';
  }
  return false;
}

bool is_data_url(std::string_view text) noexcept {
  return starts_with_ignoring_case(text, "data:");
}

}  // namespace rellama::wire
