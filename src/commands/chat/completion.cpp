#include "commands/chat/completion.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "chat/slash_command.hpp"
#include "prompt/catalogue.hpp"
#include "terminal/file_completion.hpp"

namespace rellama::program {
namespace {

void add_if_match(std::vector<std::string>& candidates, std::string_view candidate,
                  std::string_view word) {
  if (candidate.starts_with(word)) candidates.emplace_back(candidate);
}

std::vector<std::string> complete_command(std::string_view word) {
  std::vector<std::string> candidates;
  for (const auto& command : chat::slash_commands()) add_if_match(candidates, command.word, word);
  return candidates;
}

std::vector<std::string> complete_model(const Catalogue& catalogue, std::string_view word) {
  std::vector<std::string> candidates;
  for (const auto& entry : prompt::list_models(catalogue)) {
    if (!prompt::can_be_asked(*entry.model)) continue;
    for (const auto name : entry.model->short_names) add_if_match(candidates, name, word);
    add_if_match(candidates, entry.model->id, word);
  }
  return candidates;
}

}  // namespace

terminal::Completer chat_completer(const Catalogue& catalogue) {
  return [catalogue](std::string_view line) -> terminal::Completion {
    if (!line.starts_with('/')) return {};
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return {0, complete_command(line)};
    const std::string_view command = line.substr(0, space);
    const std::size_t begin = std::min(line.find_first_not_of(' ', space), line.size());
    const std::string_view word = line.substr(begin);
    if (command == "/model") return {begin, complete_model(catalogue, word)};
    if (command == "/drop" || command == "/file" || command == "/save")
      return {begin, terminal::complete_file(word)};
    if (command == "/system" && word.starts_with('@')) {
      return {begin + 1, terminal::complete_file(word.substr(1))};
    }
    if (command == "/help") {
      terminal::Completion found{begin, {}};
      for (const auto& spec : chat::slash_commands()) {
        add_if_match(found.candidates, spec.word.substr(1), word);
      }
      return found;
    }
    return {};
  };
}

}  // namespace rellama::program
