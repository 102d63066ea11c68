#include "options/setting_source.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace rellama::program {
namespace {

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '/';
}

// Whether `text` contains `word`, and not as a part of a longer word.
bool holds_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word_character(text[at - 1]);
    if (begins && (end == text.size() || !is_word_character(text[end]))) return true;
  }
  return false;
}

bool is_quoted(std::string_view text, const std::string& value) {
  return text.find("'" + value + "'") != std::string_view::npos ||
         text.find('"' + value + '"') != std::string_view::npos;
}

// Whether the text speaks of the option: "top_p", "top-p", "token file".
bool names(std::string_view text, const std::string& option) {
  for (const char separator : {'_', '-', ' '}) {
    std::string name = option;
    std::replace(name.begin(), name.end(), '-', separator);
    if (holds_word(text, name)) return true;
  }
  return false;
}

bool is_about(const Error& error, const SettingInUse& setting) {
  const std::string& text = error.parts().failed;
  std::string parameter = setting.name;
  std::replace(parameter.begin(), parameter.end(), '-', '_');
  if (text.starts_with(parameter + " ")) return true;
  const bool may_be_bare = error.kind() == ErrorKind::not_found || names(text, setting.name);
  return std::any_of(setting.values.begin(), setting.values.end(), [&](const std::string& value) {
    return !value.empty() && (is_quoted(text, value) || (may_be_bare && holds_word(text, value)));
  });
}

}  // namespace

Error with_source(const Error& error, const std::vector<SettingInUse>& settings) {
  const bool may_be = error.kind() == ErrorKind::invalid_input ||
                      error.kind() == ErrorKind::not_found ||
                      error.kind() == ErrorKind::unauthorized;
  if (!may_be) return error;
  ErrorParts parts = error.parts();
  const auto token =
      std::find_if(settings.begin(), settings.end(),
                   [](const SettingInUse& setting) { return setting.name == "token"; });
  if (error.kind() == ErrorKind::unauthorized && token != settings.end()) {
    parts.why +=
        (parts.why.empty() ? "" : "; ") + std::string("the token is from ") + token->source;
    return {error.kind(), std::move(parts)};
  }
  const auto about =
      std::find_if(settings.begin(), settings.end(),
                   [&](const SettingInUse& setting) { return is_about(error, setting); });
  if (about == settings.end()) return error;
  const std::string message = error.what();
  if (message.find(about->source) != std::string::npos) return error;
  parts.failed += " (from " + about->source + ")";
  return {error.kind(), std::move(parts)};
}

}  // namespace rellama::program
