// Like a model, this finds the turns by the markers in the text. It does not know how a client
// formats a conversation.

#include "emulator/turns.hpp"

#include <array>
#include <optional>
#include <span>

#include "emulator/prompt_handling.hpp"

namespace rellama::emulator {
namespace {

/// Text that starts or ends a turn.
struct Marker {
  std::string_view text;
  std::optional<Role> speaker;
  bool at_line_start = false;
};

struct Form {
  std::string_view end;         ///< the end of a complete prompt, apart from white space
  std::optional<Role> opening;  ///< whose turn precedes the first marker
  std::span<const Marker> markers;
};

constexpr std::optional<Role> kNoRole = std::nullopt;

constexpr std::array kLlama3{
    Marker{"<|start_header_id|>system<|end_header_id|>", Role::system},
    Marker{"<|start_header_id|>user<|end_header_id|>", Role::user},
    Marker{"<|start_header_id|>assistant<|end_header_id|>", Role::assistant},
    Marker{"<|eot_id|>", kNoRole}, Marker{"<|begin_of_text|>", kNoRole}};
constexpr std::array kOpenOrca{Marker{"<|end_of_turn|>", kNoRole}, Marker{"User:", Role::user},
                               Marker{"Assistant:", Role::assistant}};
constexpr std::array kCodeLlama70b{Marker{"Source: system", Role::system},
                                   Marker{"Source: user", Role::user},
                                   Marker{"Source: assistant", Role::assistant},
                                   Marker{"Destination: user", kNoRole}, Marker{"<step>", kNoRole}};
constexpr std::array kAlpaca{Marker{"### Instruction:", Role::user},
                             Marker{"### Response:", Role::assistant}};
constexpr std::array kInstructions{
    Marker{"<<SYS>>", Role::system}, Marker{"<</SYS>>", Role::user},
    Marker{"[INST]", Role::user},    Marker{"[/INST]", Role::assistant},
    Marker{"</s>", kNoRole},         Marker{"<s>", kNoRole}};
constexpr std::array kVicuna{Marker{"USER:", Role::user}, Marker{"ASSISTANT:", Role::assistant},
                             Marker{"</s>", kNoRole}};
constexpr std::array kPlain{Marker{"User:", Role::user, true},
                            Marker{"Assistant:", Role::assistant, true}};

constexpr std::array kForms{Form{"<|start_header_id|>assistant<|end_header_id|>", kNoRole, kLlama3},
                            Form{"<|end_of_turn|>Assistant:", Role::system, kOpenOrca},
                            Form{"Destination: user", kNoRole, kCodeLlama70b},
                            Form{"### Response:", Role::system, kAlpaca},
                            Form{"[/INST]", kNoRole, kInstructions},
                            Form{" ASSISTANT:", Role::system, kVicuna},
                            Form{"\nAssistant:", Role::system, kPlain}};

const Marker* find_marker(const Form& form, std::string_view text, std::size_t at) {
  for (const Marker& marker : form.markers) {
    if (marker.at_line_start && at > 0 && text[at - 1] != '\n') continue;
    if (text.substr(at).starts_with(marker.text)) return &marker;
  }
  return nullptr;
}

std::vector<SeenTurn> read(const Form& form, std::string_view text) {
  std::vector<SeenTurn> turns;
  std::optional<Role> speaker = form.opening;
  std::size_t begin = 0;
  const auto finish = [&](std::size_t end) {
    const std::string_view content = strip(text.substr(begin, end - begin));
    if (speaker && !content.empty()) turns.push_back({*speaker, content});
  };
  for (std::size_t at = 0; at < text.size();) {
    const Marker* marker = find_marker(form, text, at);
    if (marker == nullptr) {
      ++at;
      continue;
    }
    finish(at);
    speaker = marker->speaker;
    at += marker->text.size();
    begin = at;
  }
  finish(text.size());
  return turns;
}

}  // namespace

std::vector<SeenTurn> read_turns(std::string_view text) {
  const std::string_view prompt = strip(text);
  for (const Form& form : kForms) {
    if (prompt.ends_with(form.end)) return read(form, prompt);
  }
  if (prompt.empty()) return {};
  return {{Role::user, prompt}};
}

const char* name_of(Role role) noexcept {
  switch (role) {
    case Role::system: return "system";
    case Role::user: return "user";
    case Role::assistant: return "assistant";
  }
  return "";
}

}  // namespace rellama::emulator
