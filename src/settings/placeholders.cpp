// template    = { text | "{{{{" | placeholder }          "{{{{" stands for "{{"
// placeholder = "{{" name [ "|" fallback ] "}}"         blanks around the name are ignored
// name        = letter { letter | digit | "_" | "-" }    fallback: anything without "}}"

#include "settings/placeholders.hpp"

#include <algorithm>
#include <cctype>

#include "rellama/error.hpp"

namespace rellama::settings {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::string_view kEscape = "{{{{";
constexpr std::size_t kShown = 24;

bool is_placeholder_name(std::string_view text) {
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
         });
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

Error not_a_placeholder(std::string_view rest) {
  return Error(ErrorKind::invalid_input,
               {.failed = "'" + std::string(rest.substr(0, rest.find('\n')).substr(0, kShown)) +
                          "' is not a placeholder",
                .remedy = "write {{name}} or {{name|default}}, and {{{{ for a plain {{"});
}

// `inside` is between "{{" and "}}".
Placeholder parse_placeholder(std::string_view inside, std::string_view rest) {
  const auto bar = inside.find('|');
  Placeholder placeholder{.name = std::string(trim(inside.substr(0, bar)))};
  if (!is_placeholder_name(placeholder.name)) throw not_a_placeholder(rest);
  if (bar != std::string_view::npos) placeholder.fallback = inside.substr(bar + 1);
  return placeholder;
}

// Calls `take_text` and `take_placeholder` with the parts of a template, in order.
template <typename TakeText, typename TakePlaceholder>
void walk(std::string_view text, TakeText take_text, TakePlaceholder take_placeholder) {
  while (!text.empty()) {
    const auto open = text.find(kOpen);
    take_text(text.substr(0, open));
    if (open == std::string_view::npos) return;
    text.remove_prefix(open);
    if (text.starts_with(kEscape)) {
      take_text(kOpen);
      text.remove_prefix(kEscape.size());
      continue;
    }
    const auto close = text.find(kClose, kOpen.size());
    if (close == std::string_view::npos) throw not_a_placeholder(text);
    take_placeholder(parse_placeholder(text.substr(kOpen.size(), close - kOpen.size()), text));
    text.remove_prefix(close + kClose.size());
  }
}

}  // namespace

std::vector<Placeholder> find_placeholders(std::string_view text) {
  std::vector<Placeholder> found;
  const auto remember = [&found](Placeholder placeholder) {
    const auto known = std::find_if(found.begin(), found.end(), [&](const Placeholder& other) {
      return other.name == placeholder.name;
    });
    if (known == found.end()) {
      found.push_back(std::move(placeholder));
    } else if (!placeholder.fallback) {
      known->fallback.reset();
    }
  };
  walk(
      text, [](std::string_view) {}, remember);
  return found;
}

std::string fill(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string filled;
  const auto put = [&](const Placeholder& placeholder) {
    if (const auto value = values.find(placeholder.name); value != values.end()) {
      filled += value->second;
    } else if (placeholder.fallback) {
      filled += *placeholder.fallback;
    } else {
      throw Error(ErrorKind::invalid_input,
                  {.failed = "the parameter '" + placeholder.name + "' is missing",
                   .remedy = "set it with -p " + placeholder.name + "=VALUE"});
    }
  };
  walk(
      text, [&filled](std::string_view plain) { filled += plain; }, put);
  return filled;
}

}  // namespace rellama::settings
