// A model learns from marks in the text who is speaking. So does this reader: it knows nothing of
// how a client puts a conversation together.

#include "emulator/turns.hpp"

#include <array>
#include <optional>
#include <span>

#include "emulator/treatment.hpp"

namespace rellama::emulator {
namespace {

/// What follows a mark: somebody's words, or nobody's.
struct Mark {
  std::string_view text;
  std::optional<Role> speaker;
  bool at_line_start = false;
};

struct Form {
  std::string_view end;         ///< how a text ends that waits for the answer, but for white space
  std::optional<Role> opening;  ///< whose words come before the first mark
  std::span<const Mark> marks;
};

constexpr std::optional<Role> kNobody = std::nullopt;

constexpr std::array kLlama3{Mark{"<|start_header_id|>system<|end_header_id|>", Role::system},
                             Mark{"<|start_header_id|>user<|end_header_id|>", Role::user},
                             Mark{"<|start_header_id|>assistant<|end_header_id|>", Role::assistant},
                             Mark{"<|eot_id|>", kNobody}, Mark{"<|begin_of_text|>", kNobody}};
constexpr std::array kOpenOrca{Mark{"<|end_of_turn|>", kNobody}, Mark{"User:", Role::user},
                               Mark{"Assistant:", Role::assistant}};
constexpr std::array kCodeLlama70b{Mark{"Source: system", Role::system},
                                   Mark{"Source: user", Role::user},
                                   Mark{"Source: assistant", Role::assistant},
                                   Mark{"Destination: user", kNobody}, Mark{"<step>", kNobody}};
constexpr std::array kAlpaca{Mark{"### Instruction:", Role::user},
                             Mark{"### Response:", Role::assistant}};
constexpr std::array kInstructions{Mark{"<<SYS>>", Role::system}, Mark{"<</SYS>>", Role::user},
                                   Mark{"[INST]", Role::user},    Mark{"[/INST]", Role::assistant},
                                   Mark{"</s>", kNobody},         Mark{"<s>", kNobody}};
constexpr std::array kVicuna{Mark{"USER:", Role::user}, Mark{"ASSISTANT:", Role::assistant},
                             Mark{"</s>", kNobody}};
constexpr std::array kPlain{Mark{"User:", Role::user, true},
                            Mark{"Assistant:", Role::assistant, true}};

constexpr std::array kForms{Form{"<|start_header_id|>assistant<|end_header_id|>", kNobody, kLlama3},
                            Form{"<|end_of_turn|>Assistant:", Role::system, kOpenOrca},
                            Form{"Destination: user", kNobody, kCodeLlama70b},
                            Form{"### Response:", Role::system, kAlpaca},
                            Form{"[/INST]", kNobody, kInstructions},
                            Form{" ASSISTANT:", Role::system, kVicuna},
                            Form{"\nAssistant:", Role::system, kPlain}};

const Mark* find_mark(const Form& form, std::string_view text, std::size_t at) {
  for (const Mark& mark : form.marks) {
    if (mark.at_line_start && at > 0 && text[at - 1] != '\n') continue;
    if (text.substr(at).starts_with(mark.text)) return &mark;
  }
  return nullptr;
}

std::vector<SeenTurn> read(const Form& form, std::string_view text) {
  std::vector<SeenTurn> turns;
  std::optional<Role> speaker = form.opening;
  std::size_t begin = 0;
  const auto finish = [&](std::size_t end) {
    const std::string_view said = strip(text.substr(begin, end - begin));
    if (speaker && !said.empty()) turns.push_back({*speaker, said});
  };
  for (std::size_t at = 0; at < text.size();) {
    const Mark* mark = find_mark(form, text, at);
    if (mark == nullptr) {
      ++at;
      continue;
    }
    finish(at);
    speaker = mark->speaker;
    at += mark->text.size();
    begin = at;
  }
  finish(text.size());
  return turns;
}

}  // namespace

std::vector<SeenTurn> read_turns(std::string_view text) {
  const std::string_view said = strip(text);
  for (const Form& form : kForms) {
    if (said.ends_with(form.end)) return read(form, said);
  }
  if (said.empty()) return {};
  return {{Role::user, said}};
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
