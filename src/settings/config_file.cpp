#include "settings/config_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "rellama/error.hpp"
#include "system/own_file.hpp"

namespace rellama::settings {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTokenStart = "r8_";
constexpr std::size_t kTokenLength = 40;

Error unusable(const std::string& where, int line, std::string failed, std::string remedy) {
  return Error(ErrorKind::invalid_input,
               {.failed = render_place(where, line) + ": " + std::move(failed),
                .remedy = std::move(remedy)});
}

std::string option_name(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

bool is_token_name(std::string_view name) {
  constexpr std::array kNames{"token", "api-token", "api-key", "replicate-api-token"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool holds_token(std::string_view value) {
  const auto begin = value.find(kTokenStart);
  if (begin == std::string_view::npos) return false;
  const std::string_view rest = value.substr(begin, kTokenLength);
  return rest.size() == kTokenLength && std::all_of(rest.begin() + 3, rest.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0;
         });
}

// The value is never part of the message.
void refuse_token(const ConfigEntry& entry, const std::string& where) {
  const bool token = is_token_name(entry.name) ||
                     std::any_of(entry.values.begin(), entry.values.end(), holds_token);
  if (!token) return;
  throw unusable(
      where, entry.line, "'" + entry.key + "' holds an API token, which does not belong here",
      "remove it, then run: rellama auth login, or set token_command to a command that prints it");
}

std::string join(const std::vector<std::string>& path) {
  std::string joined;
  for (const std::string& part : path) joined += (joined.empty() ? "" : ".") + part;
  return joined;
}

void add_section(ConfigFile& file, const TomlSection& table) {
  const std::string where = file.path.string();
  ConfigSection section = make_section(table, where);
  const auto& path = table.path;
  if (path.empty()) {
    file.top = std::move(section);
  } else if (path.size() == 2 && path[0] == "profile") {
    file.profiles.emplace(path[1], std::move(section));
  } else if (path.size() == 1 && path[0] == "profile") {
    // The table around [profile.work] has no entries of its own.
    if (section.entries.empty()) return;
    throw unusable(where, section.entries.front().line, "[profile] has no name",
                   "name it, such as [profile.work]");
  } else if (path.size() == 1) {
    file.commands.emplace(path[0], std::move(section));
  } else {
    throw unusable(where, table.line, "unknown table [" + join(path) + "]",
                   "use [profile.NAME] or [COMMAND]");
  }
}

// What is run, where the token is and goes, and parts of the names of secrets.
bool is_sensitive(const ConfigEntry& entry) {
  constexpr std::array kNames{"token-command", "token-file", "base-url",  "endpoint",
                              "proxy",         "cacert",     "allow-http"};
  constexpr std::array kParts{"header", "secret", "password", "api-key"};
  const std::string& name = entry.name;
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
         std::any_of(kParts.begin(), kParts.end(),
                     [&name](const char* part) { return name.find(part) != std::string::npos; });
}

void refuse_shared(const ConfigFile& file) {
  settings::refuse_shared(file.top, file.path);
  for (const auto* sections : {&file.profiles, &file.commands}) {
    for (const auto& [name, section] : *sections) settings::refuse_shared(section, file.path);
  }
}

}  // namespace

void refuse_shared(const ConfigSection& section, const fs::path& path) {
  const auto found = std::find_if(section.entries.begin(), section.entries.end(), is_sensitive);
  if (found == section.entries.end()) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "cannot use " + path.string(),
               .why = "other users can change it, and it sets '" + found->key + "'",
               .remedy = "run: chmod go-w " + path.string()});
}

const ConfigEntry* ConfigSection::find(std::string_view name) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [name](const ConfigEntry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

std::optional<fs::path> config_path(const std::optional<fs::path>& config_directory) {
  if (!config_directory) return std::nullopt;
  return *config_directory / "config.toml";
}

std::string render_place(const std::string& where, int line) {
  return where + ":" + std::to_string(line);
}

ConfigSection make_section(const TomlSection& table, const std::string& where) {
  ConfigSection section{.line = table.line, .entries = {}};
  for (const TomlEntry& entry : table.entries) {
    ConfigEntry made{option_name(entry.key), entry.key, entry.kind, entry.values, entry.line};
    refuse_token(made, where);
    if (made.kind == ValueKind::other) {
      throw unusable(where, made.line, "'" + made.key + "' has a value that no option accepts",
                     "use a string, a number, true, false, or a list of these");
    }
    if (section.find(made.name) != nullptr) {
      throw unusable(where, made.line, "'" + made.key + "' is set twice", "remove one of them");
    }
    section.entries.push_back(std::move(made));
  }
  return section;
}

ConfigFile parse_config(std::string_view text, const fs::path& path) {
  ConfigFile file{.path = path, .top = {}};
  for (const TomlSection& table : parse_toml(text, path.string())) add_section(file, table);
  return file;
}

std::optional<ConfigFile> find_config(const fs::path& path) {
  const auto text = system::find_own_text(path);
  if (!text) return std::nullopt;
  ConfigFile file = parse_config(text->text, path);
  file.group_can_write = text->group_can_write;
  if (file.group_can_write) refuse_shared(file);
  return file;
}

}  // namespace rellama::settings
