#include "support/console_blocks.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>

namespace rellama::test {
namespace {

constexpr std::string_view kAnything = "…";

std::string name_of_heading(std::string_view heading) {
  std::string name;
  for (const char c : heading) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  }
  return name;
}

bool line_matches(std::string_view shown, std::string_view line) {
  std::size_t wildcard = shown.find(kAnything);
  if (wildcard == std::string_view::npos) return shown == line;
  if (!line.starts_with(shown.substr(0, wildcard))) return false;
  line.remove_prefix(wildcard);
  shown.remove_prefix(wildcard + kAnything.size());
  while ((wildcard = shown.find(kAnything)) != std::string_view::npos) {
    const std::size_t at = line.find(shown.substr(0, wildcard));
    if (at == std::string_view::npos) return false;
    line.remove_prefix(at + wildcard);
    shown.remove_prefix(wildcard + kAnything.size());
  }
  return line.ends_with(shown);
}

}  // namespace

std::vector<ConsoleBlock> console_blocks(const std::string& path) {
  std::ifstream page(path);
  std::vector<ConsoleBlock> blocks;
  std::map<std::string, int> blocks_of;
  std::string section;
  std::string fence;  // the opening line of the block that `line` is in
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      fence = fence.empty() ? line : "";
      if (fence != "```console") continue;
      const int number = ++blocks_of[section];
      blocks.push_back({section + (number > 1 ? std::to_string(number) : ""), {}});
    } else if (fence == "```console") {
      std::vector<ConsoleStep>& steps = blocks.back().steps;
      if (line.starts_with("$ ")) {
        steps.push_back({line.substr(2), {}, {}});
      } else if (!steps.empty() && line.starts_with("> ")) {
        steps.back().typed.push_back(line.substr(2));
      } else if (!steps.empty()) {
        steps.back().output.push_back(line);
      }
    } else if (fence.empty() && line.starts_with("#")) {
      section = name_of_heading(line);
    }
  }
  return blocks;
}

std::vector<std::string> significant_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    std::string words;
    std::istringstream in_line(line);
    for (std::string word; in_line >> word;) words += (words.empty() ? "" : " ") + word;
    if (!words.empty()) lines.push_back(words);
  }
  return lines;
}

bool output_matches(std::span<const std::string> shown, std::span<const std::string> lines) {
  if (shown.empty()) return lines.empty();
  if (shown.front() == kAnything) {
    return output_matches(shown.subspan(1), lines) ||
           (!lines.empty() && output_matches(shown, lines.subspan(1)));
  }
  return !lines.empty() && line_matches(shown.front(), lines.front()) &&
         output_matches(shown.subspan(1), lines.subspan(1));
}

}  // namespace rellama::test
