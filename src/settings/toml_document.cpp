// Only this file includes toml++, which is slow to compile.

#include "settings/toml_document.hpp"

#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>

#include "rellama/error.hpp"
#include "wire/plain_text.hpp"

namespace rellama::settings {
namespace {

std::string render_number(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

// Whether a multi-line TOML string must escape it.
bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
}

ValueKind scalar_kind(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::boolean: return ValueKind::boolean;
    case toml::node_type::integer: return ValueKind::integer;
    case toml::node_type::floating_point: return ValueKind::number;
    case toml::node_type::string: return ValueKind::text;
    default: return ValueKind::other;
  }
}

std::string scalar_text(const toml::node& node) {
  switch (scalar_kind(node)) {
    case ValueKind::boolean: return node.as_boolean()->get() ? "true" : "false";
    case ValueKind::integer: return std::to_string(node.as_integer()->get());
    case ValueKind::number: return render_number(node.as_floating_point()->get());
    default: return node.as_string()->get();
  }
}

TomlEntry make_entry(const toml::key& key, const toml::node& node) {
  TomlEntry entry{.key = std::string(key.str()),
                  .kind = scalar_kind(node),
                  .line = static_cast<int>(key.source().begin.line)};
  if (entry.kind != ValueKind::other) {
    entry.values.push_back(scalar_text(node));
  } else if (const toml::array* list = node.as_array()) {
    const bool flat = std::all_of(list->begin(), list->end(), [](const toml::node& member) {
      return scalar_kind(member) != ValueKind::other;
    });
    if (!flat) return entry;
    entry.kind = ValueKind::list;
    for (const toml::node& member : *list) entry.values.push_back(scalar_text(member));
  }
  return entry;
}

void add_table(std::vector<TomlSection>& sections, const std::vector<std::string>& path,
               const toml::table& table, int line) {
  TomlSection section{.path = path, .line = line};
  std::vector<std::pair<const toml::key*, const toml::table*>> below;
  for (const auto& [key, node] : table) {
    if (const toml::table* inner = node.as_table()) {
      below.emplace_back(&key, inner);
    } else {
      section.entries.push_back(make_entry(key, node));
    }
  }
  // toml++ sorts them by name.
  std::stable_sort(section.entries.begin(), section.entries.end(),
                   [](const TomlEntry& a, const TomlEntry& b) { return a.line < b.line; });
  sections.push_back(std::move(section));
  for (const auto& [key, inner] : below) {
    std::vector<std::string> inner_path = path;
    inner_path.emplace_back(key->str());
    add_table(sections, inner_path, *inner, static_cast<int>(key->source().begin.line));
  }
}

// toml++ makes a table of each part of a dotted key, and recursion through many thousands of them
// exhausts the stack. Newer versions have such a limit.
void check_dotted_keys(std::string_view text, const std::string& where) {
  constexpr int kMostParts = 256;
  int parts = 0;
  int line = 1;
  bool is_after_word = false;
  for (const char c : text) {
    if (c == '\n') ++line;
    const bool is_dot = c == '.';
    if (is_dot && is_after_word) ++parts;
    is_after_word = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                    std::string_view("_-\"'").find(c) != std::string_view::npos;
    if (!is_after_word && !is_dot) parts = 0;
    if (parts < kMostParts) continue;
    throw Error(ErrorKind::invalid_input,
                {.failed = where + ":" + std::to_string(line) + ": invalid TOML",
                 .why = "a name has more than 256 parts",
                 .remedy = "fix the line"});
  }
}

}  // namespace

std::vector<TomlSection> parse_toml(std::string_view text, const std::string& where) {
  check_dotted_keys(text, where);
  try {
    const toml::table document = toml::parse(wire::plain_text(std::string(text)), where);
    std::vector<TomlSection> sections;
    add_table(sections, {}, document, 0);
    return sections;
  } catch (const toml::parse_error& error) {
    throw Error(
        ErrorKind::invalid_input,
        {.failed = where + ":" + std::to_string(error.source().begin.line) + ": invalid TOML",
         .why = std::string(error.description()),
         .remedy = "fix the line"});
  }
}

std::string render_toml_string(std::string_view text) {
  const bool lines = text.find('\n') != std::string_view::npos;
  std::string rendered = lines ? "\"\"\"\n" : "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      rendered += '\\';
      rendered += c;
    } else if (is_control(c)) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04X", static_cast<unsigned>(c));
      rendered += escape.data();
    } else {
      rendered += c;
    }
  }
  return rendered + (lines ? "\"\"\"" : "\"");
}

}  // namespace rellama::settings
