#include "chat/slash_command.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "prompt/similar.hpp"
#include "rellama/error.hpp"
#include "terminal/entry.hpp"
#include "terminal/word_wrap.hpp"

namespace rellama::chat {
namespace {

constexpr std::array kCommands{
    SlashSpec{SlashName::branch, "/branch", "[N]",
              "list the branches of the conversation, or go to N"},
    SlashSpec{SlashName::clear, "/clear", "", "start a new conversation"},
    SlashSpec{SlashName::copy, "/copy", "", "copy the last answer to the clipboard"},
    SlashSpec{SlashName::drop, "/drop", "[PATH]", "remove a file added with /file, or all of them"},
    SlashSpec{SlashName::edit, "/edit", "[N]",
              "edit message N (or the last one) in $EDITOR and send it"},
    SlashSpec{SlashName::exit, "/exit", "", "quit (also exit, quit, :q, /quit, /q, /bye, Ctrl-D)"},
    SlashSpec{SlashName::file, "/file", "PATH", "add a file before your next message"},
    SlashSpec{SlashName::help, "/help", "[COMMAND]", "list the commands, or explain one"},
    SlashSpec{SlashName::model, "/model", "[REF]", "show or change the model"},
    SlashSpec{SlashName::retry, "/retry", "", "send the last message again"},
    SlashSpec{SlashName::save, "/save", "FILE", "save the conversation as Markdown"},
    SlashSpec{SlashName::sessions, "/sessions", "[NAME|ID]",
              "list conversations, or continue or start one"},
    SlashSpec{SlashName::set, "/set", "[KEY=VALUE …]",
              "show the settings, or set model inputs; KEY= resets one"},
    SlashSpec{SlashName::system, "/system", "[TEXT|@FILE]", "show or change the system prompt"},
    SlashSpec{SlashName::undo, "/undo", "", "remove your last message and its answer"},
    SlashSpec{SlashName::usage, "/usage", "", "show tokens and time used in this session"},
};

// Other names, not listed. Each is what another chat program has.
constexpr std::array kAliases{std::pair{std::string_view("/quit"), SlashName::exit},
                              std::pair{std::string_view("/q"), SlashName::exit},
                              std::pair{std::string_view("/bye"), SlashName::exit}};

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trim(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  const auto last = text.find_last_not_of(kBlanks);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

[[noreturn]] void refuse(std::string_view word) {
  std::vector<std::string> words;
  words.reserve(kCommands.size());
  for (const SlashSpec& command : kCommands) words.emplace_back(command.word);
  for (const auto& [alias, name] : kAliases) words.emplace_back(alias);
  const std::string meant = prompt::find_similar(word, words);
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + std::string(word) + "' is not a command",
               .remedy = (meant.empty() ? "" : "did you mean " + meant + "? ") +
                         std::string("/help lists the commands; to send a message that starts with "
                                     "a slash, type two")});
}

const SlashSpec& spec_of(SlashName name) {
  return *std::find_if(kCommands.begin(), kCommands.end(),
                       [name](const SlashSpec& command) { return command.name == name; });
}

const SlashSpec& find_command(std::string_view word) {
  for (const auto& [alias, name] : kAliases) {
    if (alias == word) return spec_of(name);
  }
  const SlashSpec* found = nullptr;
  for (const SlashSpec& command : kCommands) {
    if (command.word == word) return command;
    if (word.size() < 2 || !command.word.starts_with(word)) continue;
    if (found != nullptr) refuse(word);
    found = &command;
  }
  if (found == nullptr) refuse(word);
  return *found;
}

std::string usage_of(const SlashSpec& command) {
  std::string usage(command.word);
  if (!command.arguments.empty()) usage.append(" ").append(command.arguments);
  return usage;
}

}  // namespace

std::span<const SlashSpec> slash_commands() noexcept {
  return kCommands;
}

bool leaves(std::string_view line) {
  std::string word(trim(line));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word == "exit" || word == "quit" || word == ":q";
}

SlashCommand parse_slash_command(std::string_view line) {
  line = trim(line);
  const auto end = std::min(line.find_first_of(kBlanks), line.size());
  const SlashSpec& command = find_command(line.substr(0, end));
  const std::string_view argument = trim(line.substr(end));
  const bool is_wanted = !command.arguments.empty() && !command.arguments.starts_with('[');
  if (argument.empty() ? is_wanted : command.arguments.empty()) {
    throw Error(ErrorKind::invalid_input,
                {.failed = std::string(command.word) +
                           (argument.empty() ? " needs an argument" : " takes no argument"),
                 .remedy = "usage: " + usage_of(command)});
  }
  return {command.name, std::string(argument)};
}

std::string render_slash_help(std::string_view about, std::size_t width) {
  if (!about.empty()) {
    const SlashSpec& command =
        find_command(about.starts_with('/') ? std::string(about) : "/" + std::string(about));
    return terminal::render_wrapped(usage_of(command) + ": " + std::string(command.summary), width);
  }
  constexpr std::size_t kUsualColumn = 24;
  const std::size_t column = terminal::entry_column(kUsualColumn, width);
  std::string text;
  for (const SlashSpec& command : kCommands) {
    text += terminal::render_entry("  " + usage_of(command), command.summary, column, width);
  }
  for (const char* note :
       {"A backslash at the end of a line continues it. \"\"\" starts and ends a block.",
        "Pasted text is one message. Ctrl-C stops an answer, Ctrl-D quits."}) {
    text += terminal::render_wrapped(note, width);
  }
  return text;
}

}  // namespace rellama::chat
