// From what files and variables say to options, converted and checked by CLI11 as flags are.

#include "options/option_settings.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "options/config_keys.hpp"
#include "options/redact_url.hpp"
#include "options/template_options.hpp"
#include "rellama/error.hpp"
#include "settings/directories.hpp"
#include "settings/duration.hpp"

namespace rellama::program {
namespace {

using settings::Layer;
using settings::Level;
using settings::Setting;
using settings::ValueKind;

bool is_flag(const CLI::Option& option) {
  return option.get_expected_min() == 0;
}

// CLI11 puts what a check takes behind it: "N:INT in [0 - 100]".
std::string type_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

bool is_repeatable(const CLI::Option& option) {
  return !is_flag(option) && option.get_items_expected_max() > 1;
}

// What was found, as it stands where it was found, but without what is secret.
std::string render_setting(const CLI::Option& option, const Setting& setting) {
  if (setting.level == Level::flag) return "--" + name_of(option);
  std::string values;
  for (const std::string& value : setting.values) {
    values += (values.empty() ? "" : ", ") + shown_value(option, value);
  }
  if (setting.level == Level::environment) return setting.key + "=" + values;
  if (setting.kind == ValueKind::list) values = "[" + values + "]";
  if (setting.kind == ValueKind::text) values = "\"" + values + "\"";
  return setting.where + ": " + setting.key + " = " + values;
}

Error unusable(const CLI::Option& option, const Setting& setting, std::string why) {
  return Error(
      ErrorKind::invalid_input,
      {.failed = render_setting(option, setting) + " cannot be used", .why = std::move(why)});
}

std::string kind_wanted(const CLI::Option& option) {
  const std::string type = type_of(option);
  if (is_flag(option)) return "it is true or false";
  if (type == "N") return "it takes a whole number";
  if (type == "NUM") return "it takes a number";
  if (type == "DUR") return "it takes a duration, such as 30 or \"1m30s\"";
  if (type == "SIZE") return "it takes a size, such as 1000 or \"10MiB\"";
  return is_repeatable(option) ? "it takes text in quotes, or a list of such"
                               : "it takes text in quotes";
}

bool has_right_kind(const Setting& setting, const CLI::Option& option) {
  const ValueKind kind = setting.kind;
  if (setting.level == Level::environment) return true;  // whatever it is, it is text there
  if (is_flag(option)) {
    const bool counts = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
    const bool has_words = option.check_fname(name_of(option));
    return kind == ValueKind::boolean || (kind == ValueKind::integer && counts) ||
           (kind == ValueKind::text && has_words);
  }
  if (kind == ValueKind::list) return is_repeatable(option);
  const std::string type = type_of(option);
  if (type == "N") return kind == ValueKind::integer;
  if (type == "NUM") return kind == ValueKind::integer || kind == ValueKind::number;
  if (type == "DUR" || type == "SIZE") return kind != ValueKind::boolean;
  return kind == ValueKind::text;
}

// Whether a word turns a flag on; nothing for a word that is more than yes or no.
std::optional<bool> parse_switch(const std::string& word) {
  for (const char* on : {"true", "1", "yes", "on"}) {
    if (word == on) return true;
  }
  for (const char* off : {"false", "0", "no", "off"}) {
    if (word == off) return false;
  }
  return std::nullopt;
}

// What CLI11 is to be given; nothing for a flag that is off.
std::vector<std::string> values_for(const CLI::Option& option, const Setting& setting) {
  if (!has_right_kind(setting, option)) throw unusable(option, setting, kind_wanted(option));
  if (is_flag(option)) {
    const auto on = parse_switch(setting.values.front());
    if (!on) return setting.values;
    if (!*on) return {};
    return {option.get_flag_value(name_of(option), "")};
  }
  if (type_of(option) == "DUR") {
    try {
      (void)settings::parse_duration(setting.values.front());
    } catch (const Error& error) {
      throw unusable(option, setting, error.parts().failed + "; " + error.parts().remedy);
    }
  }
  return setting.values;
}

// CLI11 begins with the name of the option, which stands in front already.
std::string without_name(const std::string& why) {
  const auto colon = why.find(": ");
  return why.starts_with("--") && colon != std::string::npos ? why.substr(colon + 2) : why;
}

void set(CLI::Option& option, const Setting& setting) {
  try {
    for (std::string& value : values_for(option, setting)) option.add_result(std::move(value));
    if (!option.empty()) option.run_callback();
  } catch (const CLI::ConversionError&) {
    throw unusable(option, setting, kind_wanted(option));
  } catch (const Error& error) {  // from an option that reads its text itself
    throw error.parts().failed.starts_with(render_setting(option, setting))
        ? error
        : unusable(option, setting,
                   error.parts().why.empty() ? error.parts().failed : error.parts().why);
  } catch (const std::out_of_range&) {  // from CLI11's own reading of what counts a flag
    throw unusable(option, setting, "it is too large");
  } catch (const CLI::ParseError& error) {
    throw unusable(option, setting, without_name(error.what()));
  }
}

bool is_on(const CLI::Option& option) {
  if (option.empty()) return false;
  return !is_flag(option) || parse_switch(option.results().back()) != false;
}

// Where another option says what is printed at all, these have nothing to say.
bool is_about_looks(const CLI::Option& option) {
  return option.check_lname("markdown") || option.check_lname("width");
}

// Whoever set one of these does not want to be billed, whatever else is asked for.
bool saves_money(const CLI::Option& option) {
  return option.check_lname("dry-run") || option.check_lname("demo");
}

// An option of the command, its names, and whether it means the same in every command.
struct Candidate {
  CLI::Option* option;
  std::vector<std::string> names;
  bool shared;
};

enum class Below { used_subcommands, all_subcommands };

std::vector<Candidate> candidates_of(CLI::App& app, Below below) {
  const bool asks = command_of(app) == "ask";
  std::vector<Candidate> candidates;
  std::vector<CLI::App*> apps{&app};
  for (std::size_t i = 0; i < apps.size(); ++i) {
    for (CLI::Option* option : apps[i]->get_options(is_settable)) {
      const bool shared = asks || option->get_group() != "Options";
      candidates.push_back({option, option->get_lnames(), shared});
    }
    const auto subcommands = below == Below::all_subcommands ? apps[i]->get_subcommands(nullptr)
                                                             : apps[i]->get_subcommands();
    apps.insert(apps.end(), subcommands.begin(), subcommands.end());
  }
  return candidates;
}

const Candidate* find_candidate(const std::vector<Candidate>& candidates, std::string_view name) {
  const auto found = std::find_if(
      candidates.begin(), candidates.end(),
      [name](const Candidate& candidate) { return name_of(*candidate.option) == name; });
  return found == candidates.end() ? nullptr : &*found;
}

void refuse_file_only_flag(const CLI::Option& option) {
  std::string key = name_of(option);
  std::replace(key.begin(), key.end(), '-', '_');
  throw Error(
      ErrorKind::invalid_input,
      {.failed = "--" + name_of(option) + " is no option of the command line",
       .remedy = "set " + key + " in the configuration; open it with: rellama config edit"});
}

// What there is besides flags, for one run of one command.
class Sources {
 public:
  Sources(const CLI::App& app, const Context& context) : context_(context) {
    const auto directory = settings::find_directories(context.environment).config;
    if (const auto path = settings::config_path(directory)) {
      path_ = *path;
      file_ = settings::find_config(path_);
    }
    if (file_) check_keys(*file_, app, context.commands);
    add_tables(app);
  }

  // The profile named goes before the file.
  void use_profile(const std::string& name) {
    if (!file_) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "there is no profile '" + name + "'",
                   .why = path_.empty() ? "there is no place for a configuration"
                                        : "there is no " + path_.string(),
                   .remedy = "write one with: rellama config edit"});
    }
    const settings::ConfigSection& section = require_profile(*file_, name);
    shared_.insert(shared_.begin(), {Level::profile, &section, path_.string()});
  }

  // The template goes before the profile and the file.
  void use_template(const std::string& name, const CLI::App& app) {
    template_ = require_template(name, context_);
    check_template_keys(*template_, app);
    shared_.insert(shared_.begin(),
                   {Level::prompt_template, &template_->settings, template_->where});
  }

  [[nodiscard]] Setting find(const Candidate& candidate) const {
    if (!candidate.shared) return find_setting(candidate.names, own_).value_or(Setting{});
    if (is_file_only(*candidate.option)) {
      return find_setting(candidate.names, shared_).value_or(Setting{});
    }
    return find_setting(candidate.names, context_.environment, shared_).value_or(Setting{});
  }

 private:
  void add_tables(const CLI::App& app) {
    if (!file_) return;
    if (const auto own = file_->commands.find(command_of(app)); own != file_->commands.end()) {
      own_.push_back({Level::command, &own->second, path_.string()});
    }
    shared_ = own_;
    shared_.push_back({Level::file, &file_->top, path_.string()});
  }

  const Context& context_;
  std::filesystem::path path_;
  std::optional<settings::ConfigFile> file_;
  std::optional<settings::SavedPrompt> template_;
  std::vector<Layer> shared_;
  std::vector<Layer> own_;
};

// Sets the two options that say what else is looked into, ahead of the others.
void choose_layers(Sources& sources, const std::vector<Candidate>& candidates,
                   const CLI::App& app) {
  const auto value_of = [&](const Candidate* candidate) -> std::string {
    if (candidate == nullptr) return {};
    if (!candidate->option->empty()) return candidate->option->results().back();
    const Setting setting = sources.find(*candidate);
    return setting.values.empty() ? std::string() : setting.values.front();
  };
  const std::string profile = value_of(find_candidate(candidates, "profile"));
  if (!profile.empty()) sources.use_profile(profile);
  const std::string name = value_of(find_candidate(candidates, "template"));
  if (!name.empty()) sources.use_template(name, app);
}

// Gives the options their values, those from above before those from below.
class Assignment {
 public:
  explicit Assignment(std::vector<OptionOrigin>& origins) : origins_(origins) {}

  void set_all(const std::vector<Candidate>& candidates) {
    for (const bool looks : {false, true}) {
      for (const Level level : {Level::environment, Level::prompt_template, Level::profile,
                                Level::command, Level::file}) {
        for (std::size_t i = 0; i < candidates.size(); ++i) {
          CLI::Option& option = *candidates[i].option;
          Setting& setting = origins_[i].setting;
          if (setting.level == level && is_about_looks(option) == looks) set_one(option, setting);
        }
      }
    }
  }

 private:
  void set_one(CLI::Option& option, Setting& setting) {
    for (const CLI::Option* other : option.get_excludes()) {
      if (!is_on(*other)) continue;
      const Setting& theirs = find(*other);
      // REPLICATE_BASE_URL is not ours alone: it stands back behind RELLAMA_ENDPOINT.
      const bool stands_back = is_about_looks(option) || setting.where == "REPLICATE_BASE_URL";
      const bool is_at_odds = theirs.level == setting.level && !stands_back;
      if (is_at_odds || (saves_money(option) && !values_for(option, setting).empty())) {
        throw Error(ErrorKind::invalid_input,
                    {.failed = render_setting(*other, theirs) + " and " +
                               render_setting(option, setting) + " exclude each other",
                     .remedy = "remove one of them"});
      }
      setting = Setting{};
      return;
    }
    set(option, setting);
  }

  [[nodiscard]] const Setting& find(const CLI::Option& option) const {
    return std::find_if(origins_.begin(), origins_.end(),
                        [&option](const OptionOrigin& origin) { return origin.option == &option; })
        ->setting;
  }

  std::vector<OptionOrigin>& origins_;
};

std::vector<OptionOrigin> apply(CLI::App& app, Below below, const Context& context) {
  const std::vector<Candidate> candidates = candidates_of(app, below);
  if (candidates.empty()) return {};
  Sources sources(app, context);
  choose_layers(sources, candidates, app);
  std::vector<OptionOrigin> origins;
  for (const Candidate& candidate : candidates) {
    const CLI::Option& option = *candidate.option;
    if (option.empty()) {
      origins.push_back({&option, sources.find(candidate)});
      continue;
    }
    if (is_file_only(option)) refuse_file_only_flag(option);
    origins.push_back({&option, {.level = Level::flag, .values = option.results(), .where = {}}});
  }
  Assignment(origins).set_all(candidates);
  return origins;
}

}  // namespace

std::vector<OptionOrigin> apply_settings(CLI::App& app, const Context& context) {
  return apply(app, Below::used_subcommands, context);
}

void check_settings(CLI::App& app, const Context& context) {
  (void)apply(app, Below::all_subcommands, context);
}

void apply_table(CLI::App& app, const settings::Layer& table) {
  for (const Candidate& candidate : candidates_of(app, Below::used_subcommands)) {
    if (const auto setting = settings::find_setting(candidate.names, {table})) {
      set(*candidate.option, *setting);
    }
  }
}

std::string name_of(const CLI::Option& option) {
  return option.get_lnames().front();
}

std::string shown_value(const CLI::Option& option, const std::string& value) {
  const bool is_url = option.get_type_name().find("URL") != std::string::npos;
  return is_url ? without_credentials(value) : value;
}

std::string built_in_value(const CLI::Option& option) {
  if (!option.get_default_str().empty()) return option.get_default_str();
  if (is_flag(option)) return "false";
  // As the help has it: "… [0.5]".
  const std::string& help = option.get_description();
  const auto open = help.rfind('[');
  if (!help.ends_with(']') || open == std::string::npos) return {};
  return help.substr(open + 1, help.size() - open - 2);
}

bool is_file_only(const CLI::Option& option) {
  return option.get_group().empty();
}

}  // namespace rellama::program
