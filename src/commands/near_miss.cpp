#include "commands/near_miss.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "options/command.hpp"
#include "options/given_option.hpp"
#include "options/option_value.hpp"
#include "prompt/similar.hpp"
#include "rellama/error.hpp"
#include "wire/lower_case.hpp"

namespace rellama::program {
namespace {

// A word that people type for a command, because other programs have it.
struct Synonym {
  std::string_view word;
  std::string_view meant;
  std::string_view command = {};  // if the subcommands of this one may follow it
};

constexpr std::array kSynonyms{
    Synonym{"authenticate", "auth", "auth"},
    Synonym{"authentication", "auth", "auth"},
    Synonym{"commands", "help"},
    Synonym{"comparison", "compare"},
    Synonym{"complete", "completion", "completion"},
    Synonym{"completions", "completion", "completion"},
    Synonym{"configuration", "config", "config"},
    Synonym{"configure", "config edit"},
    Synonym{"conversation", "history list", "history"},
    Synonym{"conversations", "history list", "history"},
    Synonym{"diagnose", "doctor"},
    Synonym{"emulate", "emulator"},
    Synonym{"histories", "history", "history"},
    Synonym{"init", "auth login"},
    Synonym{"interactive", "chat"},
    Synonym{"list", "models list or history list"},
    Synonym{"login", "auth login"},
    Synonym{"logoff", "auth logout"},
    Synonym{"logon", "auth login"},
    Synonym{"logout", "auth logout"},
    Synonym{"ls", "models list or history list"},
    Synonym{"man", "help"},
    Synonym{"model", "models list", "models"},
    Synonym{"prediction", "predictions list", "predictions"},
    Synonym{"repl", "chat"},
    Synonym{"search", "history search or models search"},
    Synonym{"sessions", "history list", "history"},
    Synonym{"settings", "config show", "config"},
    Synonym{"setup", "auth login"},
    Synonym{"show", "history show or models show"},
    Synonym{"signin", "auth login"},
    Synonym{"signout", "auth logout"},
    Synonym{"status", "auth status"},
    Synonym{"templates", "template list", "template"},
    Synonym{"usage", "history usage"},
    Synonym{"ver", "version"},
    Synonym{"whoami", "auth status"},
};

struct Phrase {
  std::string_view words;
  std::string_view meant;
};

constexpr std::array kPhrases{
    Phrase{"log in", "auth login"},   Phrase{"log out", "auth logout"},
    Phrase{"sign in", "auth login"},  Phrase{"sign out", "auth logout"},
    Phrase{"log off", "auth logout"}, Phrase{"who am i", "auth status"},
};

const Synonym* find_synonym(std::string_view word) {
  const auto* const found =
      std::find_if(kSynonyms.begin(), kSynonyms.end(),
                   [word](const Synonym& synonym) { return synonym.word == word; });
  return found == kSynonyms.end() ? nullptr : found;
}

// The one of `names` that is `word`, or is one typing error away from it.
std::string find_misspelled(const std::string& word, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name == word) return name;
  }
  for (const std::string& name : names) {
    if (prompt::is_near_miss(word, name)) return name;
  }
  return {};
}

const Synonym* find_misspelled_synonym(std::string_view word) {
  const auto* const found = std::find_if(
      kSynonyms.begin(), kSynonyms.end(),
      [word](const Synonym& synonym) { return prompt::is_near_miss(word, synonym.word); });
  return found == kSynonyms.end() ? nullptr : found;
}

// What may follow a command: its subcommands, and the words that its argument accepts.
std::vector<std::string> words_after(const std::string& name, const Context& context) {
  if (name == "help") return command_names(context.commands);
  std::vector<std::string> words;
  inspect(*find_command(context.commands, name), "", context, [&words](CLI::App& app) {
    for (const CLI::App* below : app.get_subcommands(nullptr)) words.push_back(below->get_name());
    for (CLI::Option* option : app.get_options()) {
      if (!option->get_positional()) continue;
      for (std::string& choice : choices_of(*option)) words.push_back(std::move(choice));
    }
  });
  return words;
}

// "list models": the subcommand first.
std::string find_swapped(const std::string& first, const std::string& second,
                         const Context& context) {
  const Synonym* synonym = find_synonym(second);
  const std::string command = find_command(context.commands, second) != nullptr ? second
                              : synonym != nullptr ? std::string(synonym->command)
                                                   : std::string();
  if (command.empty() || command == "help") return {};
  const std::string action = first == "ls" ? "list" : first;
  const auto actions = words_after(command, context);
  const bool has_it = std::find(actions.begin(), actions.end(), action) != actions.end();
  return has_it ? command + " " + action : std::string();
}

// Whether a word could make a command of those around it. Most prompts have none, so that their
// options need not be parsed to find out which word is the first.
bool is_suspicious(const std::string& word, const Context& context) {
  if (word.find(' ') != std::string::npos) return false;
  const std::string lower = wire::lower_case(word);
  return find_synonym(lower) != nullptr || find_misspelled_synonym(lower) != nullptr ||
         !find_misspelled(lower, command_names(context.commands)).empty() ||
         std::any_of(kPhrases.begin(), kPhrases.end(), [&lower](const Phrase& phrase) {
           return phrase.words.starts_with(lower + " ");
         });
}

// Whether whoever gives this option certainly asks something: a template with "list" as its input.
bool is_for_a_prompt(const CLI::Option* option) {
  return option->check_lname("template") || option->check_lname("file") ||
         option->check_lname("editor");
}

// The words that may be a command, without the options; none if they all follow "--".
std::vector<std::string> words_of(const Arguments& arguments, const Context& context) {
  std::vector<std::string> words;
  inspect(*find_command(context.commands, "ask"), "", context, [&](CLI::App& app) {
    for (std::size_t at = 0; at < arguments.size();) {
      if (arguments[at] == "--") {
        if (words.empty()) return;
        words.insert(words.end(), arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                     arguments.end());
        return;
      }
      const GivenOption given = read_option(app, arguments, at);
      if (std::any_of(given.options.begin(), given.options.end(), is_for_a_prompt)) {
        words.clear();
        return;
      }
      const std::size_t length = given.length;
      const bool is_word = length == 0 && !is_option(arguments[at]) && arguments[at] != "-";
      if (is_word) words.push_back(arguments[at]);
      at += std::max<std::size_t>(length, 1);
    }
  });
  return words;
}

}  // namespace

std::string find_meant_command(const std::vector<std::string>& words, const Context& context) {
  if (words.empty()) return {};
  const std::string first = wire::lower_case(words[0]);
  std::string joined = first;
  for (std::size_t i = 1; i < words.size(); ++i) joined += " " + wire::lower_case(words[i]);
  for (const Phrase& phrase : kPhrases) {
    if (joined == phrase.words) return std::string(phrase.meant);
  }
  const std::string typo = find_misspelled(first, command_names(context.commands));
  const Synonym* synonym = find_synonym(first);
  if (synonym == nullptr && typo.empty() && words.size() <= 2) {
    synonym = find_misspelled_synonym(first);
  }
  if (words.size() == 1) return synonym != nullptr ? std::string(synonym->meant) : typo;

  const std::string second = wire::lower_case(words[1]);
  if (synonym != nullptr && second.starts_with("r8_")) return std::string(synonym->meant);
  if (words.size() == 2) {
    if (std::string swapped = find_swapped(first, second, context); !swapped.empty()) {
      return swapped;
    }
  }
  const bool is_typo = !typo.empty();
  const std::string command = is_typo || synonym == nullptr ? typo : std::string(synonym->command);
  // More words, more likely a prompt: "model show case for children" is one.
  const bool may_be = is_typo || words.size() <= 3;
  if (command.empty() || !may_be) return {};
  const auto followers = words_after(command, context);
  const std::string follower =
      words.size() == 2 ? find_misspelled(second, followers)
      : std::find(followers.begin(), followers.end(), second) != followers.end() ? second
                                                                                 : std::string();
  return follower.empty() ? std::string() : command + " " + follower;
}

std::string as_prompt(const std::vector<std::string>& words) {
  std::string prompt = "rellama --";
  for (const std::string& word : words) prompt += " " + word;
  return prompt;
}

void refuse_near_miss(const Arguments& arguments, const Context& context) {
  const bool is_prompt =
      std::none_of(arguments.begin(), arguments.end(),
                   [&context](const std::string& word) { return is_suspicious(word, context); });
  if (is_prompt) return;
  const std::vector<std::string> words = words_of(arguments, context);
  // Not a near miss, but a word after an option that does not exist: the parser names that.
  if (words.empty() || find_command(context.commands, words.front()) != nullptr) return;
  const std::string meant = find_meant_command(words, context);
  if (meant.empty()) return;
  if (words.size() > 1 && words[1].starts_with("r8_")) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "there is no command " + words.front(),
                 .remedy = "did you mean " + meant + "? It asks for the token"});
  }
  throw Error(ErrorKind::invalid_input,
              {.failed = "there is no command " + words.front(),
               .remedy = "did you mean " + meant + "? (as a prompt: " + as_prompt(words) + ")"});
}

}  // namespace rellama::program
