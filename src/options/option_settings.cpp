// Sets options from variables and files. CLI11 converts and checks the values as it does flags.

#include "options/option_settings.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <string_view>

#include "options/config_keys.hpp"
#include "options/layers.hpp"
#include "options/setting_source.hpp"
#include "rellama/error.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

using settings::Level;
using settings::Setting;

// These change how an answer looks, and have no effect if another option replaces it.
bool is_about_looks(const CLI::Option& option) {
  return option.check_lname("markdown") || option.check_lname("width");
}

// Whoever sets one of these does not want to be billed, so nothing may override it silently.
bool saves_money(const CLI::Option& option) {
  return option.check_lname("dry-run") || option.check_lname("demo");
}

enum class Below { used_subcommands, all_subcommands };

std::vector<SettableOption> settable_options(CLI::App& app, Below below) {
  const bool asks = command_of(app) == "ask";
  std::vector<SettableOption> options;
  std::vector<CLI::App*> apps{&app};
  for (std::size_t i = 0; i < apps.size(); ++i) {
    for (CLI::Option* option : apps[i]->get_options(is_settable)) {
      const bool shared = asks || option->get_group() != "Options";
      options.push_back({option, option->get_lnames(), shared});
    }
    const auto subcommands = below == Below::all_subcommands ? apps[i]->get_subcommands(nullptr)
                                                             : apps[i]->get_subcommands();
    apps.insert(apps.end(), subcommands.begin(), subcommands.end());
  }
  return options;
}

void refuse_file_only_flag(const CLI::Option& option) {
  std::string key = name_of(option);
  std::replace(key.begin(), key.end(), '-', '_');
  throw Error(
      ErrorKind::invalid_input,
      {.failed = "--" + name_of(option) + " cannot be set on the command line",
       .remedy = "set " + key + " in the configuration; open it with: rellama config edit"});
}

// The value of the option called `name`, so far; empty if the command has no such option.
std::string find_value(std::string_view name, const std::vector<SettableOption>& options,
                       const Layers& layers) {
  const auto found = std::find_if(
      options.begin(), options.end(),
      [name](const SettableOption& settable) { return name_of(*settable.option) == name; });
  if (found == options.end()) return {};
  if (!found->option->empty()) return found->option->results().back();
  const Setting setting = layers.find(*found);
  return setting.values.empty() ? std::string() : setting.values.front();
}

// Adds the layers that --profile and --template select, before other options are looked up.
void choose_layers(Layers& layers, const std::vector<SettableOption>& options,
                   const CLI::App& app) {
  const std::string profile = find_value("profile", options, layers);
  if (!profile.empty()) layers.use_profile(profile);
  const std::string name = find_value("template", options, layers);
  if (!name.empty()) layers.use_template(name, app);
}

// Sets options from the topmost layer to the lowest, and drops those that a higher one excludes.
class PrecedenceOrder {
 public:
  explicit PrecedenceOrder(std::vector<OptionOrigin>& origins) : origins_(origins) {}

  void set_all(const std::vector<SettableOption>& options) {
    for (const bool looks : {false, true}) {
      for (const Level level : {Level::environment, Level::prompt_template, Level::profile,
                                Level::command, Level::file}) {
        for (std::size_t i = 0; i < options.size(); ++i) {
          CLI::Option& option = *options[i].option;
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
      // Other programs read REPLICATE_BASE_URL too, so RELLAMA_ENDPOINT overrides it.
      const bool yields = is_about_looks(option) || setting.where == "REPLICATE_BASE_URL";
      const bool contradicts = theirs.level == setting.level && !yields;
      if (contradicts || (saves_money(option) && !values_for(option, setting).empty())) {
        throw Error(ErrorKind::invalid_input,
                    {.failed = render_setting(*other, theirs) + " and " +
                               render_setting(option, setting) + " cannot be combined",
                     .remedy = "remove one of them"});
      }
      setting = Setting{};
      return;
    }
    assign(option, setting);
  }

  [[nodiscard]] const Setting& find(const CLI::Option& option) const {
    return std::find_if(origins_.begin(), origins_.end(),
                        [&option](const OptionOrigin& origin) { return origin.option == &option; })
        ->setting;
  }

  std::vector<OptionOrigin>& origins_;
};

// Unless -q is given: the configuration itself cannot silence it.
void warn_of_shared_file(const Layers& layers, const CLI::App& app, const Context& context) {
  const CLI::Option* quiet = app.get_option_no_throw("--quiet");
  const auto path = layers.shared_file();
  if (!path || (quiet != nullptr && !quiet->empty())) return;
  const std::string name = terminal::one_line(path->string());
  tell(context,
       "rellama: warning: other users can change " + name + "; run: chmod go-w " + name + "\n");
}

enum class Warnings { shown, hidden };

std::vector<OptionOrigin> apply(CLI::App& app, Below below, Warnings warnings,
                                const Context& context) {
  const std::vector<SettableOption> options = settable_options(app, below);
  if (options.empty()) return {};
  Layers layers(app, context);
  if (warnings == Warnings::shown) warn_of_shared_file(layers, app, context);
  choose_layers(layers, options, app);
  std::vector<OptionOrigin> origins;
  for (const SettableOption& settable : options) {
    const CLI::Option& option = *settable.option;
    if (option.empty()) {
      origins.push_back({&option, layers.find(settable)});
      continue;
    }
    if (is_file_only(option)) refuse_file_only_flag(option);
    origins.push_back({&option, {.level = Level::flag, .values = option.results(), .where = {}}});
  }
  PrecedenceOrder(origins).set_all(options);
  return origins;
}

}  // namespace

std::vector<OptionOrigin> apply_settings(CLI::App& app, const Context& context) {
  std::vector<OptionOrigin> origins = apply(app, Below::used_subcommands, Warnings::shown, context);
  if (context.settings_in_use == nullptr) return origins;
  for (const auto& [option, setting] : origins) {
    // The user can see the flags that they typed.
    if (setting.values.empty() || setting.level == Level::flag || is_file_only(*option)) continue;
    context.settings_in_use->push_back(
        {.name = name_of(*option), .values = setting.values, .source = setting.where});
  }
  return origins;
}

void check_settings(CLI::App& app, const Context& context) {
  (void)apply(app, Below::all_subcommands, Warnings::hidden, context);
}

void apply_table(CLI::App& app, const settings::Layer& table) {
  for (const SettableOption& settable : settable_options(app, Below::used_subcommands)) {
    if (const auto setting = settings::find_setting(settable.names, {table})) {
      assign(*settable.option, *setting);
    }
  }
}

}  // namespace rellama::program
