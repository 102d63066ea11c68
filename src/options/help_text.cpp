#include "options/help_text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "options/option_value.hpp"
#include "options/usage_error.hpp"
#include "terminal/display_width.hpp"
#include "terminal/entry.hpp"
#include "terminal/word_wrap.hpp"
#include "wire/counted.hpp"

namespace rellama::program {
namespace {

// Of the options in groups, which many commands share, those that are used most.
constexpr std::array<std::string_view, 14> kCommonOptions{
    "model",   "system", "temperature", "max-new-tokens", "file",    "template", "continue",
    "session", "json",   "extract",     "output",         "dry-run", "quiet",    "demo"};

constexpr const char* kOwnGroup = "Options";
constexpr std::size_t kOptionColumn = 28;
constexpr std::size_t kCommandColumn = 14;
constexpr std::size_t kFewOptions = 20;

// An option: its names and its description.
std::string option_entry(const std::string& names, const std::string& description,
                         std::size_t width) {
  return terminal::render_entry("  " + names, description,
                                terminal::entry_column(kOptionColumn, width), width);
}

std::string names_of(const CLI::Option& option, HelpExtent extent) {
  if (option.get_positional()) return option.get_name(true);
  std::string names;
  for (const std::string& name : option.get_snames()) names += "-" + name + ", ";
  for (const std::string& name : option.get_lnames()) {
    names += "--" + name + ", ";
    if (extent == HelpExtent::common) break;
  }
  names.resize(names.size() - 2);
  const std::string metavar = metavar_of(option);
  return metavar.empty() ? names : names + " " + metavar;
}

// The beginning of a description that fits one line, up to a comma, a semicolon or a bracket; all
// of it if there is none.
std::string brief(const CLI::Option& option, std::size_t room) {
  const std::string& whole = option.get_description();
  const std::string described = describe(option);
  if (terminal::display_width(described) <= room) return described;
  std::size_t end = std::string::npos;
  for (const std::string_view mark : {"; ", ", ", " ("}) {
    for (auto at = whole.find(mark); at != std::string::npos; at = whole.find(mark, at + 1)) {
      if (at <= room && (end == std::string::npos || at > end)) end = at;
    }
  }
  const std::string text = whole.substr(0, end);
  const std::string with_default = text + described.substr(whole.size());
  return terminal::display_width(with_default) <= room ? with_default : text;
}

bool is_help(const CLI::Option& option) {
  return option.check_lname("help");
}

bool is_common(const CLI::Option& option) {
  if (is_help(option) || option.get_positional() || option.get_group() == kOwnGroup) return true;
  return std::find(kCommonOptions.begin(), kCommonOptions.end(), name_of(option)) !=
         kCommonOptions.end();
}

// Positional arguments without a description are in the usage.
bool is_listed(const CLI::Option& option) {
  if (option.get_group().empty()) return false;
  return !option.get_positional() || !option.get_description().empty();
}

std::vector<const CLI::Option*> listed_options(const CLI::App& app) {
  std::vector<const CLI::Option*> options;
  for (const CLI::Option* option : app.get_options(nullptr)) {
    if (is_listed(*option) && !is_help(*option)) options.push_back(option);
  }
  std::stable_partition(options.begin(), options.end(),
                        [](const CLI::Option* option) { return option->get_positional(); });
  return options;
}

std::string render_usage(const CLI::App& app, std::size_t width) {
  const std::string name = full_name(app);
  std::string line = "Usage: " + name + " [OPTIONS]";
  const bool has_commands = !app.get_subcommands(nullptr).empty();
  const bool needs_command = app.get_require_subcommand_min() > 0;
  if (needs_command) line += " COMMAND";
  for (const CLI::Option* option : app.get_options(nullptr)) {
    if (!option->get_positional()) continue;
    const std::string word =
        option->get_name(true) + (option->get_items_expected_max() > 1 ? "…" : "");
    line += option->get_required() ? " " + word : " [" + word + "]";
  }
  if (app.get_allow_extras()) line += " [PROMPT…]";
  const bool is_ask = app.get_allow_extras() && name == "rellama";
  if (is_ask || (has_commands && !needs_command)) {
    return terminal::render_entry(line, "", 0, width) +
           terminal::render_entry("       " + name + " COMMAND [OPTIONS] …", "", 0, width);
  }
  return terminal::render_entry(line, "", 0, width);
}

std::string render_commands(const CLI::App& app, std::size_t width) {
  std::string text;
  for (const CLI::App* below : app.get_subcommands(nullptr)) {
    text += terminal::render_entry("  " + below->get_name(), below->get_description(),
                                   kCommandColumn, width);
  }
  return text.empty() ? text : "\nCommands:\n" + text;
}

// The options in their groups, in the order in which the groups come.
std::string render_groups(const std::vector<const CLI::Option*>& options, HelpExtent extent,
                          std::size_t width) {
  std::vector<std::string> groups;
  for (const CLI::Option* option : options) {
    const std::string& group = option->get_group();
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  std::string text;
  for (const std::string& group : groups) {
    text += "\n" + group + ":\n";
    for (const CLI::Option* option : options) {
      if (option->get_group() != group) continue;
      text += option_entry(names_of(*option, extent), describe(*option), width);
    }
  }
  return text;
}

std::string render_options(const CLI::App& app, HelpExtent extent, std::size_t width) {
  const std::vector<const CLI::Option*> all = listed_options(app);
  if (extent == HelpExtent::all) {
    return render_groups(all, extent, width) + "\nHelp:\n" +
           option_entry("-h, --help [all]", "show the common options, or all of them", width);
  }
  const auto common = static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [](const CLI::Option* option) { return is_common(*option); }));
  const bool shows_all = all.size() <= kFewOptions;
  std::string text = shows_all || common == all.size() ? "\nOptions:\n" : "\nCommon options:\n";
  for (const CLI::Option* option : all) {
    if (!shows_all && !is_common(*option)) continue;
    const std::string description =
        shows_all
            ? describe(*option)
            : brief(*option, width - std::min(width, terminal::entry_column(kOptionColumn, width)));
    text += option_entry(names_of(*option, extent), description, width);
  }
  const bool is_complete = shows_all || common == all.size();
  return text + option_entry("-h, --help",
                             is_complete ? "show this help"
                                         : "show this help; --help all shows all " +
                                               wire::counted(all.size(), "option"),
                             width);
}

// A line that is too long goes on below itself, further in. What stands beside something else, in a
// column, stays in it or is below.
std::string render_indented(std::string_view line, std::size_t width) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  if (terminal::display_width(line) <= width) return std::string(line) + "\n";
  if (const auto gap = line.find("  ", indent); gap != std::string_view::npos) {
    const std::size_t column = std::min(line.find_first_not_of(' ', gap), line.size());
    const std::size_t narrow = terminal::entry_column(column, width);
    return terminal::render_entry(line.substr(0, gap), line.substr(column),
                                  2 * column > width ? narrow : column, width);
  }
  return terminal::render_entry(line, "", 0, width);
}

// Wraps paragraphs, and indented lines by themselves.
std::string render_notes(std::string_view notes, std::size_t width) {
  std::string text;
  std::string paragraph;
  const auto end_paragraph = [&] {
    text += terminal::render_wrapped(paragraph, width);
    paragraph.clear();
  };
  while (notes.ends_with('\n')) notes.remove_suffix(1);
  while (!notes.empty()) {
    const std::string_view line = notes.substr(0, notes.find('\n'));
    notes.remove_prefix(std::min(line.size() + 1, notes.size()));
    if (line.empty() || line.starts_with(' ')) {
      end_paragraph();
      text += render_indented(line, width);
      continue;
    }
    paragraph.append(paragraph.empty() ? "" : " ").append(line);
    if (line.ends_with(':')) end_paragraph();
  }
  end_paragraph();
  return text;
}

}  // namespace

std::string render_help(const CLI::App& app, HelpExtent extent, std::size_t width) {
  std::string text = render_usage(app, width) + "\n";
  std::string description = app.get_description();
  if (!description.empty() && !description.ends_with('.')) description += '.';
  if (!description.empty() && description[0] >= 'a' && description[0] <= 'z') {
    description[0] = static_cast<char>(description[0] - 'a' + 'A');
  }
  text += terminal::render_wrapped(description, width);
  text += render_commands(app, width);
  if (!app.get_footer().empty()) text += "\n" + render_notes(app.get_footer(), width);
  return text + render_options(app, extent, width);
}

}  // namespace rellama::program
