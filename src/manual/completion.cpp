#include "manual/completion.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string_view>

#include "manual/completion_scripts.hpp"
#include "options/command.hpp"
#include "options/given_option.hpp"
#include "options/history_options.hpp"
#include "options/option_value.hpp"
#include "options/parser.hpp"
#include "options/template_options.hpp"
#include "options/users_catalogue.hpp"
#include "options/word_option.hpp"
#include "prompt/catalogue.hpp"
#include "rellama/error.hpp"
#include "settings/config_file.hpp"
#include "settings/directories.hpp"
#include "terminal/file_completion.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

using Source = std::function<void(const Context&, std::vector<Candidate>&)>;

void add_commands(const Context& context, std::vector<Candidate>& found) {
  for (const Command& command : context.commands) {
    if (command.summary.empty()) continue;
    found.push_back({std::string(command.name), std::string(command.summary)});
  }
}

void add_models(const Context& context, std::vector<Candidate>& found) {
  const Catalogue catalogue = read_catalogue(context);
  for (const auto& entry : prompt::list_models(catalogue)) {
    if (!prompt::can_be_asked(*entry.model)) continue;
    const std::string id(entry.model->id);
    for (const auto name : entry.model->short_names) found.push_back({std::string(name), id});
    found.push_back({id, ""});
  }
}

void add_templates(const Context& context, std::vector<Candidate>& found) {
  for (const std::string& name : settings::template_names(template_directory(context))) {
    try {
      found.push_back({name, require_template(name, context).description});
    } catch (const Error&) {
      found.push_back({name, "invalid"});  // offer it, it can be edited
    }
  }
}

void add_profiles(const Context& context, std::vector<Candidate>& found) {
  const auto path = settings::config_path(settings::find_directories(context.environment).config);
  const auto file = path ? settings::find_config(*path) : std::nullopt;
  if (!file) return;
  for (const auto& [name, section] : file->profiles) found.push_back({name, ""});
}

void add_conversations(const Context& context, std::vector<Candidate>& found) {
  constexpr std::int64_t kMost = 50;
  for (const auto& conversation : open_history(context).list({.limit = kMost})) {
    found.push_back({std::to_string(conversation.id), conversation.first_prompt});
  }
}

void add_sessions(const Context& context, std::vector<Candidate>& found) {
  constexpr std::int64_t kMost = 50;
  for (const auto& conversation : open_history(context).list({.limit = kMost})) {
    const bool named = !conversation.name.empty();
    found.push_back(
        {named ? conversation.name : std::to_string(conversation.id), conversation.first_prompt});
  }
}

// Sources of candidates for arguments, by command and the name in its help.
const std::map<std::string, Source>& argument_sources() {
  static const std::map<std::string, Source> sources{
      {"models show NAME", add_models},         {"template show NAME", add_templates},
      {"template edit NAME", add_templates},    {"template delete NAME", add_templates},
      {"template save NAME", add_templates},    {"history show ID", add_conversations},
      {"history export ID", add_conversations}, {"history rerun ID", add_conversations},
      {"history delete ID", add_conversations}, {"help COMMAND", add_commands}};
  return sources;
}

// Sources of candidates for option values, by type name or option.
const std::map<std::string, Source>& value_sources() {
  static const std::map<std::string, Source> sources{{"REF", add_models},
                                                     {"template", add_templates},
                                                     {"profile", add_profiles},
                                                     {"NAME|ID", add_sessions}};
  return sources;
}

// A command line being completed.
class Line {
 public:
  Line(const std::vector<std::string>& words, const Context& context)
      : words_(words), context_(context) {}

  Candidates complete() {
    const std::string& current = words_.back();
    const std::size_t first = find_first_word();
    if (first + 1 == words_.size() && !current.starts_with('-')) {
      add_all(add_commands, "");
      return std::move(found_);
    }
    const Command* command =
        first < words_.size() ? find_command(context_.commands, words_[first]) : nullptr;
    first_ = command == nullptr ? 0 : first + 1;
    subcommand_.clear();
    name_ = command == nullptr ? "ask" : std::string(command->name);
    if (command == nullptr) command = find_command(context_.commands, "ask");
    const bool has_word =
        first_ > 0 && words_.size() > first_ + 1 && !words_[first_].starts_with('-');
    if (has_word && inspect(*command, words_[first_], context_, [](CLI::App&) {})) {
      subcommand_ = words_[first_];
      ++first_;
    }
    inspect(*command, subcommand_, context_, [this](CLI::App& app) { complete_in(app); });
    return std::move(found_);
  }

 private:
  // Options of `ask` may come before the command.
  [[nodiscard]] std::size_t find_first_word() const {
    std::size_t first = 0;
    if (!words_.front().starts_with('-')) return first;
    inspect(*find_command(context_.commands, "ask"), "", context_,
            [&](CLI::App& app) { first = skip_options(app, words_); });
    return first;
  }

  // Adds a candidate if it starts with the current word.
  void add(const std::string& word, const std::string& description) {
    if (word.starts_with(words_.back())) found_.words.push_back({word, description});
  }

  void add_value(const std::string& before, const Candidate& candidate) {
    add(before + candidate.word, candidate.description);
  }

  void complete_in(CLI::App& app) {
    CLI::Option* pending = nullptr;  // the option whose value comes next
    for (std::size_t i = first_; i + 1 < words_.size(); ++i) {
      if (pending != nullptr) {
        pending = nullptr;
      } else if (words_[i] == "--") {
        return;  // a prompt
      } else {
        const GivenOption given = read_option(app, words_, i);
        used_.insert(given.options.begin(), given.options.end());
        pending = given.wants_value ? given.options.back() : nullptr;
      }
    }
    const std::string& current = words_.back();
    if (pending != nullptr) return complete_value(*pending, "");
    const auto equals = current.find('=');
    if (current.starts_with("--") && equals != std::string::npos) {
      CLI::Option* option = app.get_option_no_throw(current.substr(0, equals));
      if (option != nullptr) complete_value(*option, current.substr(0, equals + 1));
    } else if (current.starts_with('-')) {
      complete_option(app);
    } else {
      complete_argument(app);
    }
  }

  void complete_option(CLI::App& app) {
    const auto excluded = [this](const CLI::Option& option) {
      return std::any_of(used_.begin(), used_.end(), [&option](CLI::Option* used) {
        return used->get_excludes().contains(const_cast<CLI::Option*>(&option));
      });
    };
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_positional() || option->get_group().empty()) continue;
      const bool again =
          is_repeatable(*option) || !used_.contains(const_cast<CLI::Option*>(option));
      if (!again || excluded(*option)) continue;
      const std::string description = describe(*option);
      if (words_.back() == "-" || words_.back().size() == 2) {
        for (const std::string& name : option->get_snames()) add("-" + name, description);
      }
      // Offer only the first name; the others are aliases.
      if (!option->get_lnames().empty()) add("--" + option->get_lnames().front(), description);
    }
  }

  void complete_value(CLI::Option& option, const std::string& before) {
    for (const std::string& choice : choices_of(option)) add_value(before, {choice, ""});
    const bool takes_text = metavar_of(option) == "TEXT|@FILE";
    found_.files = value_type(option) == ValueType::file && !takes_text;
    const std::string_view value = std::string_view(words_.back()).substr(before.size());
    if (takes_text && value.starts_with('@')) {
      for (const std::string& path : terminal::complete_file(value.substr(1))) {
        add_value(before, {"@" + path, ""});
      }
    }
    auto source = value_sources().find(metavar_of(option));
    if (source == value_sources().end() && !option.get_lnames().empty()) {
      source = value_sources().find(option.get_lnames().front());
    }
    if (source != value_sources().end()) add_all(source->second, before);
  }

  void complete_argument(CLI::App& app) {
    if (subcommand_.empty()) {
      for (const CLI::App* below : app.get_subcommands(nullptr)) {
        add(below->get_name(), below->get_description());
      }
    }
    const std::string place = name_ + (subcommand_.empty() ? "" : " " + subcommand_) + " ";
    for (CLI::Option* option : app.get_options()) {
      if (!option->get_positional()) continue;
      for (const std::string& choice : choices_of(*option)) add_value("", {choice, ""});
      const auto source = argument_sources().find(place + option->get_name());
      if (source != argument_sources().end()) add_all(source->second, "");
    }
  }

  void add_all(const Source& source, const std::string& before) {
    std::vector<Candidate> candidates;
    source(context_, candidates);
    for (const Candidate& candidate : candidates) add_value(before, candidate);
  }

  const std::vector<std::string>& words_;
  const Context& context_;
  Candidates found_;
  std::size_t first_ = 0;  // the word after the command
  std::string name_;
  std::string subcommand_;
  std::set<CLI::Option*> used_;
};

const std::map<std::string, Shell> kShells{
    {"bash", Shell::bash}, {"zsh", Shell::zsh}, {"fish", Shell::fish}};

}  // namespace

Candidates complete(const std::vector<std::string>& words, const Context& context) {
  return words.empty() ? Candidates{} : Line(words, context).complete();
}

int run_completion(const Arguments& arguments, const Context& context) {
  Shell shell = Shell::bash;
  CLI::App app("Print a shell completion script.");
  prepare(app, "rellama completion");
  app.add_option("SHELL", shell, "bash, zsh or fish")->required()->transform(one_of(kShells));
  app.footer(
      "To load completions in every session:\n"
      "  bash  echo 'source <(rellama completion bash)' >> ~/.bashrc\n"
      "  zsh   echo 'source <(rellama completion zsh)' >> ~/.zshrc  (after compinit)\n"
      "  fish  rellama completion fish > ~/.config/fish/completions/rellama.fish");
  if (!parse(app, arguments, context, Settings::leave)) return 0;
  context.streams.out.print(completion_script(shell));
  return 0;
}

int run_complete(const Arguments& arguments, const Context& context) {
  std::vector<std::string> words = arguments;
  if (!words.empty() && words.front() == "--") words.erase(words.begin());
  std::string lines;
  try {
    const Candidates candidates = complete(words, context);
    if (candidates.files) lines = ":files\n";
    for (const Candidate& candidate : candidates.words) {
      constexpr std::size_t kLongest = 70;
      const std::string description =
          terminal::truncate(terminal::one_line(candidate.description), kLongest);
      lines += terminal::one_line(candidate.word) +
               (description.empty() ? "" : "\t" + description) + "\n";
    }
  } catch (const std::exception&) {  // no candidates
  }
  context.streams.out.print(lines);
  return 0;
}

}  // namespace rellama::program
