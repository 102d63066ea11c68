#include "emulator/prompt_handling.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace rellama::emulator {
namespace {

// The characters for which Python's str.isspace() is true, in UTF-8.
constexpr std::array<std::string_view, 29> kSpaces{
    "\t",           "\n",           "\v",           "\f",           "\r",
    "\x1c",         "\x1d",         "\x1e",         "\x1f",         " ",
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
    "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
    "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

/// Fills in a template like Python's str.format. Returns nothing where Python would raise an error.
std::optional<std::string> format(std::string_view text, std::string_view system_prompt,
                                  std::string_view prompt) {
  std::string out;
  while (!text.empty()) {
    if (text.starts_with("{{") || text.starts_with("}}")) {
      out += text.front();
      text.remove_prefix(2);
    } else if (text.starts_with("{prompt}")) {
      out += prompt;
      text.remove_prefix(std::string_view("{prompt}").size());
    } else if (text.starts_with("{system_prompt}")) {
      out += system_prompt;
      text.remove_prefix(std::string_view("{system_prompt}").size());
    } else if (text.front() == '{' || text.front() == '}') {
      return std::nullopt;
    } else {
      const std::size_t plain = std::min(text.find_first_of("{}"), text.size());
      out += text.substr(0, plain);
      text.remove_prefix(plain);
    }
  }
  return out;
}

std::string text_of(const Build& build, const Json& input, std::string_view name) {
  const Json value = value_of(build, input, name);
  return value.is_string() ? value.get<std::string>() : "";
}

SeenPrompt strip_and_wrap(const std::string& prompt, const std::string& system) {
  // The build was meant to remove the tags [INST] and [/INST], but Python's lstrip and rstrip
  // remove sets of characters: "Tell me" becomes "ell me".
  std::string_view user = rstrip(lstrip(prompt, "\n"), "\n");
  user = strip(rstrip(lstrip(user, "[INST]"), "[/INST]"));
  return {.text = "[INST] <<SYS>>\n" + system + "\n<</SYS>>\n\n" + std::string(user) + " [/INST]",
          .user = std::string(user)};
}

SeenPrompt format_2023(const std::string& prompt, const std::string& system,
                       const std::string& text) {
  auto formatted = format(text, system, prompt);
  if (!formatted) return {.error = "prompt_template cannot be formatted"};
  if (formatted->starts_with("<s>")) formatted->erase(0, 3);
  return {.text = std::move(*formatted), .user = prompt};
}

SeenPrompt format_official(const std::string& prompt, const std::string& system,
                           const std::string& text) {
  if (prompt.empty()) return {.error = "E1001 PromptRequired: the prompt is empty"};
  if (text.find("{prompt}") == std::string::npos) {
    return {.error =
                "E1003 BadPromptTemplate: prompt_template does not contain {prompt}, so the "
                "prompt would be lost"};
  }
  auto formatted = format(text, system, prompt);
  if (!formatted) {
    return {.error =
                "E1004 PromptTemplateError: prompt_template may contain no braces except those of "
                "{prompt} and {system_prompt}"};
  }
  return {.text = std::move(*formatted), .user = prompt};
}

}  // namespace

std::string_view lstrip(std::string_view text, std::string_view set) {
  text.remove_prefix(std::min(text.find_first_not_of(set), text.size()));
  return text;
}

std::string_view rstrip(std::string_view text, std::string_view set) {
  const std::size_t last = text.find_last_not_of(set);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string_view strip(std::string_view text) {
  const auto begins = [&text](std::string_view space) { return text.starts_with(space); };
  const auto ends = [&text](std::string_view space) { return text.ends_with(space); };
  for (auto space = std::ranges::find_if(kSpaces, begins); space != kSpaces.end();
       space = std::ranges::find_if(kSpaces, begins)) {
    text.remove_prefix(space->size());
  }
  for (auto space = std::ranges::find_if(kSpaces, ends); space != kSpaces.end();
       space = std::ranges::find_if(kSpaces, ends)) {
    text.remove_suffix(space->size());
  }
  return text;
}

SeenPrompt handle_prompt(const Build& build, const Json& input) {
  const std::string prompt = text_of(build, input, input.contains("prompt") ? "prompt" : "text");
  const std::string system = text_of(build, input, "system_prompt");
  const std::string text = text_of(build, input, "prompt_template");
  switch (build.prompt_handling) {
    case PromptHandling::strip_and_wrap: return strip_and_wrap(prompt, system);
    case PromptHandling::template_2023: return format_2023(prompt, system, text);
    case PromptHandling::template_official: return format_official(prompt, system, text);
    case PromptHandling::raw: break;
  }
  return {.text = prompt, .user = prompt};
}

}  // namespace rellama::emulator
