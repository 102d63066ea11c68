#include "settings/precedence.hpp"

#include <cctype>

#include "rellama/error.hpp"

namespace rellama::settings {
namespace {

std::optional<Setting> find_variable_named(const std::string& variable,
                                           const system::Environment& environment) {
  auto value = system::find_variable(environment, variable);
  if (!value) return std::nullopt;
  return Setting{.level = Level::environment,
                 .values = {*std::move(value)},
                 .where = variable,
                 .key = variable};
}

std::optional<Setting> find_in_environment(const std::vector<std::string>& names,
                                           const system::Environment& environment) {
  std::optional<Setting> found;
  for (const std::string& name : names) {
    auto setting = find_variable_named(variable_of(name), environment);
    if (!setting) continue;
    if (found) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = found->key + " and " + setting->key + " are the same setting",
                   .remedy = "unset one of them"});
    }
    found = std::move(setting);
  }
  if (found || names.front() != "base-url") return found;
  return find_variable_named("REPLICATE_BASE_URL", environment);
}

const ConfigEntry* find_entry(const std::vector<std::string>& names, const Layer& layer) {
  const ConfigEntry* found = nullptr;
  for (const std::string& name : names) {
    const ConfigEntry* entry = layer.section->find(name);
    if (entry != nullptr && found != nullptr) {
      throw Error(ErrorKind::invalid_input,
                  {.failed = render_place(layer.where, entry->line) + ": '" + entry->key +
                             "' and '" + found->key + "' are the same setting",
                   .remedy = "remove one of them"});
    }
    if (entry != nullptr) found = entry;
  }
  return found;
}

}  // namespace

std::string_view name_of(Level level) noexcept {
  switch (level) {
    case Level::flag: return "flag";
    case Level::environment: return "environment";
    case Level::prompt_template: return "template";
    case Level::profile: return "profile";
    case Level::command:
    case Level::file: return "file";
    case Level::built_in: break;
  }
  return "built-in";
}

std::string variable_of(std::string_view option) {
  std::string variable = "RELLAMA_";
  for (const char c : option) {
    variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return variable;
}

std::optional<Setting> find_setting(const std::vector<std::string>& names,
                                    const std::vector<Layer>& layers) {
  for (const Layer& layer : layers) {
    if (const ConfigEntry* entry = find_entry(names, layer)) {
      return Setting{.level = layer.level,
                     .kind = entry->kind,
                     .values = entry->values,
                     .where = render_place(layer.where, entry->line),
                     .key = entry->key};
    }
  }
  return std::nullopt;
}

std::optional<Setting> find_setting(const std::vector<std::string>& names,
                                    const system::Environment& environment,
                                    const std::vector<Layer>& layers) {
  if (auto setting = find_in_environment(names, environment)) return setting;
  return find_setting(names, layers);
}

}  // namespace rellama::settings
