#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <utility>

namespace rellama::program {

/// Replaces a word by the number of its enumerator, which CLI11 then converts to the enumeration.
template <typename Enum>
CLI::Validator one_of(std::map<std::string, Enum> words) {
  std::string name;  // shell completion reads the words from it
  for (const auto& [word, value] : words) name += (name.empty() ? "" : "|") + word;
  const auto transform = [words = std::move(words)](std::string& text) -> std::string {
    if (const auto found = words.find(text); found != words.end()) {
      text = std::to_string(static_cast<int>(found->second));
      return {};
    }
    std::string all;
    for (const auto& [word, value] : words) all += (all.empty() ? "" : ", ") + word;
    return "'" + text + "' is not one of " + all;
  };
  return CLI::Validator(transform, "", name);
}

}  // namespace rellama::program
