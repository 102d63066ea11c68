#include "options/layers.hpp"

#include <sys/stat.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>

#include "options/config_keys.hpp"
#include "options/option_value.hpp"
#include "options/template_options.hpp"
#include "rellama/error.hpp"
#include "settings/directories.hpp"

namespace rellama::program {

using settings::Level;
using settings::Setting;

namespace {

// As with a token file.
void refuse_readable_by_others(const std::filesystem::path& path, const std::string& key) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || (about.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
  throw Error(ErrorKind::unauthorized, {.failed = "cannot use " + key + " in " + path.string(),
                                        .why = "other users can read it",
                                        .remedy = "run: chmod 600 " + path.string()});
}

}  // namespace

bool is_file_only(const CLI::Option& option) {
  return option.get_group().empty();
}

Layers::Layers(const CLI::App& app, const Context& context) : context_(context) {
  const auto directory = settings::find_directories(context.environment).config;
  if (const auto path = settings::config_path(directory)) {
    path_ = *path;
    file_ = settings::find_config(path_);
  }
  if (file_) check_keys(*file_, app, context.commands);
  add_tables(app);
}

void Layers::use_profile(const std::string& name) {
  if (!file_) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "there is no profile '" + name + "'",
                 .why = path_.empty() ? "there is no configuration directory"
                                      : "there is no " + path_.string(),
                 .remedy = "write one with: rellama config edit"});
  }
  const settings::ConfigSection& section = require_profile(*file_, name);
  shared_.insert(shared_.begin(), {Level::profile, &section, path_.string()});
}

void Layers::use_template(const std::string& name, const CLI::App& app) {
  template_ = require_template(name, context_);
  check_template_keys(*template_, app);
  shared_.insert(shared_.begin(), {Level::prompt_template, &template_->settings, template_->where});
}

std::optional<std::filesystem::path> Layers::shared_file() const {
  if (!file_ || !file_->group_can_write) return std::nullopt;
  return path_;
}

Setting Layers::find(const SettableOption& option) const {
  if (!option.shared) return find_setting(option.names, own_).value_or(Setting{});
  const bool is_secret = value_type(*option.option) == ValueType::secret;
  if (is_file_only(*option.option) && !is_secret) {
    return find_setting(option.names, shared_).value_or(Setting{});
  }
  Setting setting = find_setting(option.names, context_.environment, shared_).value_or(Setting{});
  const bool is_in_file = setting.level != Level::built_in && setting.level != Level::environment;
  if (is_secret && is_in_file) refuse_readable_by_others(path_, setting.key);
  return setting;
}

void Layers::add_tables(const CLI::App& app) {
  if (!file_) return;
  if (const auto own = file_->commands.find(command_of(app)); own != file_->commands.end()) {
    own_.push_back({Level::command, &own->second, path_.string()});
  }
  shared_ = own_;
  shared_.push_back({Level::file, &file_->top, path_.string()});
}

}  // namespace rellama::program
