#include "wire/file_url.hpp"

#include <algorithm>
#include <cctype>

namespace rellama::wire {
namespace {

bool begins_with(std::string_view text, std::string_view lower_case) noexcept {
  return text.size() > lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                    [](char expected, unsigned char c) { return std::tolower(c) == expected; });
}

// RFC 3986 has no others: a text that goes on behind its URL shows by them.
bool may_stand(unsigned char c) noexcept {
  constexpr std::string_view kNever = "\"<>\\^`{|}";
  return c > 0x20 && c < 0x7F && kNever.find(static_cast<char>(c)) == std::string_view::npos;
}

}  // namespace

bool is_file_url(std::string_view text) noexcept {
  if (!std::all_of(text.begin(), text.end(), may_stand)) return false;
  if (is_data_url(text)) return text.find(',') != std::string_view::npos;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!begins_with(text, scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    return std::isalnum(static_cast<unsigned char>(rest.front())) != 0 || rest.front() == '[';
  }
  return false;
}

bool is_data_url(std::string_view text) noexcept {
  return begins_with(text, "data:");
}

}  // namespace rellama::wire
