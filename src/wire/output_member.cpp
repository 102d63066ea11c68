#include "wire/output_member.hpp"

#include "wire/string_array.hpp"

namespace rellama::wire {
namespace {

constexpr std::string_view kKey = R"("output")";

std::size_t skip_whitespace(std::string_view json, std::size_t at) {
  const std::size_t found = json.find_first_not_of(" \t\r\n", at);
  return found == std::string_view::npos ? json.size() : found;
}

// The position after the string that begins at `at`, or the end of `json` if the string does not
// end. A string ends at the first quote not preceded by an odd number of backslashes.
std::size_t skip_string(std::string_view json, std::size_t at) {
  const std::size_t begin = at + 1;
  for (std::size_t quote = json.find('"', begin); quote != std::string_view::npos;
       quote = json.find('"', quote + 1)) {
    std::size_t backslashes = 0;
    while (quote - backslashes > begin && json[quote - backslashes - 1] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return quote + 1;
  }
  return json.size();
}

std::optional<OutputMember> read_array(std::string_view json, std::size_t bracket,
                                       std::string_view before, Output& output) {
  if (bracket == json.size() || json[bracket] != '[') return std::nullopt;
  const std::size_t begin = bracket + 1;
  const bool has_grown = !before.empty() && json.substr(begin).starts_with(before);
  if (!has_grown) output = Output();
  const std::size_t known = has_grown ? begin + before.size() : begin;
  const auto end = read_string_array(json, known, output);
  if (!end) return std::nullopt;
  return OutputMember{.begin = begin, .items = end->items, .end = end->array};
}

}  // namespace

// Counting brackets and skipping strings is enough to find a member of the outermost object. It
// does not check whether the skipped text is valid JSON; the caller parses that.
std::optional<OutputMember> read_output_member(std::string_view json, std::string_view before,
                                               Output& output) {
  std::optional<OutputMember> member;
  std::size_t at = skip_whitespace(json, 0);
  if (at == json.size() || json[at] != '{') return std::nullopt;
  int depth = 0;
  bool key_expected = false;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      const std::size_t end = skip_string(json, at);
      const std::string_view string = json.substr(at, end - at);
      at = end;
      if (depth != 1 || !key_expected) continue;
      key_expected = false;
      if (string.find('\\') != std::string_view::npos) return std::nullopt;
      if (string != kKey) continue;
      at = skip_whitespace(json, end);
      if (member || at == json.size() || json[at] != ':') return std::nullopt;
      member = read_array(json, skip_whitespace(json, at + 1), before, output);
      if (!member) return std::nullopt;
      at = member->end;
      continue;
    }
    if (c == '{' || c == '[') {
      ++depth;
      key_expected = depth == 1;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ',') {
      key_expected = depth == 1;
    }
    ++at;
  }
  return member;
}

}  // namespace rellama::wire
