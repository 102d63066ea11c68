#include "emulator/replay_match.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace rellama::emulator {
namespace {

/// What rellama writes in place of a token, a gateway's header and a secret input.
constexpr std::array<std::string_view, 3> kMarks{"[token]", "[header]", "\xE2\x80\xA6"};

/// The parts of a text that are not marks.
std::vector<std::string_view> split_at_marks(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto mark = std::ranges::find_if(
        kMarks, [&](std::string_view each) { return text.substr(at).starts_with(each); });
    if (mark == kMarks.end()) {
      ++at;
      continue;
    }
    parts.push_back(text.substr(begin, at - begin));
    at += mark->size();
    begin = at;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

bool matches_with_marks(std::string_view recorded, std::string_view body) {
  const std::vector<std::string_view> parts = split_at_marks(recorded);
  if (parts.size() == 1) return body == recorded;
  if (!body.starts_with(parts.front())) return false;
  std::size_t at = parts.front().size();
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const std::size_t found = body.find(parts[i], at);
    if (found == std::string_view::npos) return false;
    at = found + parts[i].size();
  }
  return body.size() >= at + parts.back().size() && body.ends_with(parts.back());
}

/// Whether a byte continues a UTF-8 character.
bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// What is around `at`, in whole characters.
std::string excerpt(std::string_view text, std::size_t at) {
  constexpr std::size_t kBefore = 30;
  constexpr std::size_t kAfter = 40;
  std::size_t begin = at - std::min(at, kBefore);
  std::size_t end = std::min(at + kAfter, text.size());
  while (begin > 0 && begin < text.size() && continues(text[begin])) --begin;
  while (end < text.size() && continues(text[end])) ++end;
  return (begin > 0 ? "…" : "") + std::string(text.substr(begin, end - begin)) +
         (end < text.size() ? "…" : "");
}

}  // namespace

std::string request_key(std::string_view method, std::string_view target) {
  constexpr std::string_view kTime = "created_after=";
  std::string key = std::string(method) + " " + std::string(target);
  const std::size_t query = std::min(key.find('?'), key.size());
  const std::size_t at = key.find(kTime, query);
  if (at == std::string::npos) return key;
  const std::size_t value = at + kTime.size();
  return key.replace(value, std::min(key.find('&', value), key.size()) - value, "TIME");
}

bool is_same_body(const RecordedExchange& recorded, std::string_view body) {
  return recorded.masked ? matches_with_marks(recorded.request_body, body)
                         : recorded.request_body == body;
}

std::string describe_difference(std::string_view recorded, std::string_view body) {
  const auto at =
      static_cast<std::size_t>(std::ranges::mismatch(recorded, body).in1 - recorded.begin());
  return "recorded: " + excerpt(recorded, at) + "; requested: " + excerpt(body, at);
}

}  // namespace rellama::emulator
