#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "commands/context.hpp"

namespace rellama::commands {

/// Makes a command's parser, with what all of them share: `--help`, and help in one layout.
/// `name` is how the command is called: "rellama auth login".
void prepare(CLI::App& app, const std::string& name);

/// Whether options that no flag sets get what variables and files say (option_settings.hpp).
enum class Settings { apply, leave };

/// Parses the arguments; false if help was asked for and has been printed. In the names of options
/// underscores work as well as dashes. Throws Error (invalid_input) for what cannot be parsed.
[[nodiscard]] bool parse(CLI::App& app, const Arguments& arguments, const Context& context,
                         Settings settings = Settings::apply);

/// As `parse`, for a command that takes a prompt: `words` gets what is no option, as it was typed,
/// and everything behind `--`. (CLI11 itself would read a word such as "[a,b]" as a list.)
[[nodiscard]] bool parse_with_words(CLI::App& app, const Arguments& arguments,
                                    std::vector<std::string>& words, const Context& context,
                                    Settings settings = Settings::apply);

/// Turns a word into the number of its enumerator, which CLI11 reads into the enumeration. `words`
/// must outlive the parser.
template <typename Enum>
CLI::Validator one_of(const std::map<std::string, Enum>& words) {
  const auto transform = [&words](std::string& text) -> std::string {
    if (const auto found = words.find(text); found != words.end()) {
      text = std::to_string(static_cast<int>(found->second));
      return {};
    }
    std::string all;
    for (const auto& [word, value] : words) all += (all.empty() ? "" : ", ") + word;
    return "'" + text + "' is none of " + all;
  };
  std::string name;  // where completions find the words
  for (const auto& [word, value] : words) name += (name.empty() ? "" : "|") + word;
  return CLI::Validator(transform, "", name);
}

}  // namespace rellama::commands
