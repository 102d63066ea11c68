#include "settings/saved_prompt.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <system_error>

#include "rellama/error.hpp"
#include "settings/placeholders.hpp"
#include "system/own_file.hpp"

namespace rellama::settings {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 64;
constexpr const char* kExtension = ".toml";

bool is_template_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestName || name.front() == '.' || name.front() == '-') {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  });
}

// Removes a text that is not an option from the table.
std::string take_text(TomlSection& table, std::string_view key, const std::string& where) {
  const auto found =
      std::find_if(table.entries.begin(), table.entries.end(),
                   [key](const TomlEntry& candidate) { return candidate.key == key; });
  if (found == table.entries.end()) return {};
  if (found->kind != ValueKind::text) {
    throw Error(ErrorKind::invalid_input, {.failed = render_place(where, found->line) + ": '" +
                                                     found->key + "' must be a string",
                                           .remedy = "quote it"});
  }
  std::string text = std::move(found->values.front());
  table.entries.erase(found);
  return text;
}

void check_placeholders(const std::string& prompt, const std::string& where) {
  try {
    (void)find_placeholders(prompt);
  } catch (const Error& error) {
    throw Error(error.kind(), {.failed = "cannot use " + where,
                               .why = error.parts().failed,
                               .remedy = error.parts().remedy});
  }
}

}  // namespace

fs::path template_path(const fs::path& directory, const std::string& name) {
  if (is_template_name(name)) return directory / (name + kExtension);
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + name + "' is not a valid template name",
               .remedy = "use letters, digits, '_', '-' and '.', at most 64, with no '.' or '-' "
                         "at the start"});
}

SavedPrompt parse_template(const std::string& name, std::string_view text,
                           const std::string& where) {
  std::vector<TomlSection> tables = parse_toml(text, where);
  if (tables.size() > 1) {
    throw Error(ErrorKind::invalid_input,
                {.failed = render_place(where, tables[1].line) + ": a template cannot have tables",
                 .remedy = "remove the line in brackets"});
  }
  SavedPrompt made{.name = name,
                   .description = take_text(tables.front(), "description", where),
                   .prompt = take_text(tables.front(), "prompt", where),
                   .settings = make_section(tables.front(), where),
                   .where = where,
                   .text = std::string(text)};
  if (made.prompt.empty()) made.prompt = "{{input}}";
  check_placeholders(made.prompt, where);
  return made;
}

std::optional<SavedPrompt> find_template(const std::optional<fs::path>& directory,
                                         const std::string& name) {
  // Checks the name even without a directory.
  const fs::path path = template_path(directory.value_or(fs::path()), name);
  if (directory) {
    if (const auto found = system::find_own_text(path)) {
      SavedPrompt made = parse_template(name, found->text, path.string());
      if (found->group_can_write) refuse_shared(made.settings, path);
      return made;
    }
  }
  for (const BuiltInTemplate& candidate : built_in_templates()) {
    if (candidate.name == name) return parse_template(name, candidate.text, "built in");
  }
  return std::nullopt;
}

std::vector<std::string> template_names(const std::optional<fs::path>& directory) {
  std::set<std::string> names;
  for (const BuiltInTemplate& candidate : built_in_templates()) names.emplace(candidate.name);
  if (directory) {
    std::error_code ignored;  // no directory: no templates
    for (const auto& entry : fs::directory_iterator(*directory, ignored)) {
      const std::string name = entry.path().stem().string();
      if (entry.path().extension() == kExtension && is_template_name(name)) names.insert(name);
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace rellama::settings
