// TOML is changed line by line. A value may have several lines: as many belong to it as have to be
// removed for the rest to be the document without it.

#include "settings/toml_edit.hpp"

#include <algorithm>

#include "rellama/error.hpp"
#include "settings/toml_document.hpp"

namespace rellama::settings {
namespace {

using Lines = std::vector<std::string>;

Lines split_lines(const std::string& text) {
  Lines lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    lines.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  if (!lines.empty() && !lines.back().ends_with('\n')) lines.back() += '\n';
  return lines;
}

std::string join_lines(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

std::string option_of(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

const TomlSection* find_section(const std::vector<TomlSection>& sections,
                                const std::vector<std::string>& path) {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [&](const TomlSection& section) { return section.path == path; });
  return found == sections.end() ? nullptr : &*found;
}

const TomlEntry* find_entry(const TomlSection& section, const std::vector<std::string>& names) {
  const auto found =
      std::find_if(section.entries.begin(), section.entries.end(), [&](const TomlEntry& entry) {
        return std::find(names.begin(), names.end(), option_of(entry.key)) != names.end();
      });
  return found == section.entries.end() ? nullptr : &*found;
}

// What the entries of all tables say, but for one; independent of lines.
std::vector<std::string> facts(const std::vector<TomlSection>& sections, const TomlEntry* without) {
  std::vector<std::string> facts;
  for (const TomlSection& section : sections) {
    std::string place;
    for (const std::string& part : section.path) place += part + ".";
    for (const TomlEntry& entry : section.entries) {
      if (&entry == without) continue;
      std::string fact = place + entry.key + "=" + std::to_string(static_cast<int>(entry.kind));
      for (const std::string& value : entry.values) fact += "," + value;
      facts.push_back(std::move(fact));
    }
  }
  std::sort(facts.begin(), facts.end());
  return facts;
}

Error not_line_by_line(const std::string& where, const TomlEntry& entry) {
  return Error(ErrorKind::invalid_input, {.failed = where + ":" + std::to_string(entry.line) +
                                                    ": cannot change '" + entry.key + "'",
                                          .why = "it shares its line with other settings",
                                          .remedy = "change it with: rellama config edit"});
}

// How many lines an entry has.
std::size_t height_of(const TomlEntry& entry, const std::vector<TomlSection>& sections,
                      const Lines& lines, const std::string& where) {
  const auto begin = static_cast<std::size_t>(entry.line - 1);
  const std::vector<std::string> expected = facts(sections, &entry);
  for (std::size_t height = 1; begin + height <= lines.size(); ++height) {
    Lines rest(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(begin));
    rest.insert(rest.end(), lines.begin() + static_cast<std::ptrdiff_t>(begin + height),
                lines.end());
    try {
      if (facts(parse_toml(join_lines(rest), where), nullptr) == expected) return height;
    } catch (const Error&) {  // a part of the value is left
    }
  }
  throw not_line_by_line(where, entry);
}

// The line before which a new entry of an existing table goes.
std::size_t place_in(const TomlSection& section, const std::vector<TomlSection>& sections,
                     const Lines& lines, const std::string& where) {
  if (!section.entries.empty()) {
    const TomlEntry& last = section.entries.back();
    return static_cast<std::size_t>(last.line - 1) + height_of(last, sections, lines, where);
  }
  if (!section.path.empty()) return static_cast<std::size_t>(section.line);
  // Above the first table and its comment.
  std::size_t first = lines.size();
  for (const TomlSection& table : sections) {
    if (table.path.empty()) continue;
    first = std::min(first, static_cast<std::size_t>(std::max(table.line - 1, 0)));
  }
  while (first < lines.size() && first > 0 && lines[first - 1].starts_with('#')) --first;
  return first;
}

}  // namespace

std::string set_toml(const std::string& text, const TomlKey& key, const std::string& value,
                     const std::string& where) {
  const std::vector<TomlSection> sections = parse_toml(text, where);
  Lines lines = split_lines(text);
  const TomlSection* section = find_section(sections, key.table);
  const TomlEntry* entry = section == nullptr ? nullptr : find_entry(*section, key.names);
  if (entry != nullptr) {
    const auto begin = lines.begin() + (entry->line - 1);
    const auto height = static_cast<std::ptrdiff_t>(height_of(*entry, sections, lines, where));
    const std::string line = entry->key + " = " + value + "\n";
    const auto after = lines.erase(begin, begin + height);
    lines.insert(after, line);
    return join_lines(lines);
  }
  std::string name = key.names.front();
  std::replace(name.begin(), name.end(), '-', '_');
  const std::string line = name + " = " + value + "\n";
  if (section != nullptr) {
    const std::size_t place = place_in(*section, sections, lines, where);
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(place), line);
    return join_lines(lines);
  }
  std::string table;
  for (const std::string& part : key.table) table += (table.empty() ? "" : ".") + part;
  if (!lines.empty()) lines.emplace_back("\n");
  lines.push_back("[" + table + "]\n");
  lines.push_back(line);
  return join_lines(lines);
}

std::optional<std::string> unset_toml(const std::string& text, const TomlKey& key,
                                      const std::string& where) {
  const std::vector<TomlSection> sections = parse_toml(text, where);
  const TomlSection* section = find_section(sections, key.table);
  const TomlEntry* entry = section == nullptr ? nullptr : find_entry(*section, key.names);
  if (entry == nullptr) return std::nullopt;
  Lines lines = split_lines(text);
  const auto begin = lines.begin() + (entry->line - 1);
  lines.erase(begin,
              begin + static_cast<std::ptrdiff_t>(height_of(*entry, sections, lines, where)));
  return join_lines(lines);
}

}  // namespace rellama::settings
