// `rellama config`: shows the configuration, changes a setting, or opens it in an editor.

#include "commands/config/config.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "commands/config/change.hpp"
#include "commands/config/example.hpp"
#include "options/ask_options.hpp"
#include "options/configuration_check.hpp"
#include "options/option_settings.hpp"
#include "options/parser.hpp"
#include "rellama/error.hpp"
#include "run/editor.hpp"
#include "settings/directories.hpp"
#include "system/private_file.hpp"
#include "terminal/table.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

using settings::Level;

constexpr std::size_t kShownValue = 48;

int print_path(const Context& context) {
  context.streams.out.print(terminal::one_line(require_config_path(context).string()) + "\n");
  return 0;
}

std::vector<std::string> values_of(const OptionOrigin& origin) {
  std::vector<std::string> values = origin.setting.values;
  if (origin.setting.level == Level::built_in) {
    const std::string value = built_in_value(*origin.option);
    if (!value.empty()) values.push_back(value);
  }
  for (std::string& value : values) value = shown_value(*origin.option, value);
  return values;
}

std::string render_origin(const OptionOrigin& origin) {
  std::string text(name_of(origin.setting.level));
  if (!origin.setting.where.empty()) text += " " + origin.setting.where;
  return text;
}

std::string render_table_of(const std::vector<OptionOrigin>& origins, std::size_t columns) {
  constexpr std::size_t kNarrowValue = 12;
  constexpr std::size_t kNarrowOrigin = 20;
  std::vector<std::vector<std::string>> rows;
  for (const OptionOrigin& origin : origins) {
    std::string text;
    for (const std::string& value : values_of(origin)) text += (text.empty() ? "" : ", ") + value;
    rows.push_back(
        {name_of(*origin.option), terminal::truncate(text, kShownValue), render_origin(origin)});
  }
  return terminal::render_table({{.title = "OPTION"},
                                 {.title = "VALUE", .narrowest = kNarrowValue},
                                 {.title = "FROM", .narrowest = kNarrowOrigin, .rank = 1}},
                                rows, columns);
}

nlohmann::ordered_json render_value(const OptionOrigin& origin) {
  const std::vector<std::string> values = values_of(origin);
  if (origin.option->get_items_expected_max() > 1) return values;
  if (values.empty()) return nullptr;
  return values.back();
}

std::string render_json(const std::vector<OptionOrigin>& origins, const std::string& path) {
  nlohmann::ordered_json document{
      {"format", "rellama.config/1"}, {"path", path}, {"options", nlohmann::ordered_json::array()}};
  for (const OptionOrigin& origin : origins) {
    document["options"].push_back({{"name", name_of(*origin.option)},
                                   {"value", render_value(origin)},
                                   {"from", name_of(origin.setting.level)},
                                   {"where", origin.setting.where}});
  }
  constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
  return document.dump(-1, ' ', false, kReplace) + "\n";
}

int show(CLI::App& app, const AskOptions& options, const Context& context) {
  app.name("rellama");                    // the command these options belong to
  const bool json = options.output.json;  // the flag, not a configured value
  const auto origins = apply_settings(app, context);
  context.streams.out.print(
      json ? render_json(origins, require_config_path(context).string())
           : render_table_of(origins, terminal::table_width(context.streams.out)),
      terminal::json_if(json));
  return 0;
}

int edit(const Context& context) {
  const auto path = require_config_path(context);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) system::write_private_file(path, config_example);
  edit_file(path, context);
  const std::string found = check_configuration(context);
  tell(context, "rellama: " + terminal::one_line(path.string()) + " is valid: " + found + "\n");
  return 0;
}

}  // namespace

int run_config(const Arguments& arguments, const Context& context) {
  AskOptions options;
  CLI::App app("Show, change or edit the configuration.");
  prepare(app, "rellama config");
  app.require_subcommand(1);
  const CLI::App* path = app.add_subcommand("path", "print the path of the configuration file");
  CLI::App* showing = app.add_subcommand(
      "show", "print every option of a prompt, its value and the source of that value");
  declare(*showing, options);
  app.add_subcommand("edit", "edit it in $VISUAL or $EDITOR, then check it");
  std::string key;
  std::vector<std::string> values;
  CLI::App* setting = app.add_subcommand("set", "set an option: max_new_tokens 200");
  CLI::App* getting = app.add_subcommand("get", "print what the configuration sets an option to");
  CLI::App* unsetting = app.add_subcommand("unset", "remove a setting");
  for (CLI::App* below : {setting, getting, unsetting}) {
    below->add_option("KEY", key, "an option, profile.NAME.OPTION or COMMAND.OPTION")->required();
  }
  setting->add_option("VALUE", values, "its value; several for an option that can be repeated")
      ->required();
  if (!parse(app, arguments, context, Settings::leave)) return 0;

  if (setting->parsed()) return set_config(key, values, context);
  if (getting->parsed()) return get_config(key, context);
  if (unsetting->parsed()) return unset_config(key, context);
  if (path->parsed()) return print_path(context);
  if (showing->parsed()) return show(*showing, options, context);
  return edit(context);
}

}  // namespace rellama::program
