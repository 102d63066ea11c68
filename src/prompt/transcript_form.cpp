#include "prompt/transcript_form.hpp"

#include <algorithm>
#include <array>

namespace rellama::prompt {
namespace {

using Text = std::string_view;
using enum MarkerKind;

constexpr Marker kBarName{"<|", bar_name};

// The tokens of Llama 1 and 2 and of models derived from them, then those of each form.
constexpr std::array kLlama2Markers{Marker{"[INST]"},   Marker{"[/INST]"}, Marker{"<<SYS>>"},
                                    Marker{"<</SYS>>"}, Marker{"<s>"},     Marker{"</s>"},
                                    Marker{"<unk>"}};
constexpr std::array kLlama3Markers{kBarName};
constexpr std::array kCodeLlama70bMarkers{Marker{"<step>"},       Marker{"Source:"},
                                          Marker{"Destination:"}, Marker{"<s>"},
                                          Marker{"</s>"},         Marker{"<unk>"}};
constexpr std::array kVicunaMarkers{Marker{"USER:"}, Marker{"ASSISTANT:"}, Marker{"<s>"},
                                    Marker{"</s>"}, Marker{"<unk>"}};
constexpr std::array kAlpacaMarkers{Marker{"### Instruction:"},
                                    Marker{"### Input:"},
                                    Marker{"### Response:"},
                                    Marker{"<s>"},
                                    Marker{"</s>"},
                                    Marker{"<unk>"}};
constexpr std::array kOpenOrcaMarkers{kBarName,
                                      Marker{"User:", line_start},
                                      Marker{"Assistant:", line_start},
                                      Marker{"<s>"},
                                      Marker{"</s>"},
                                      Marker{"<unk>"}};
// For unknown models: their tokens are unknown too.
constexpr std::array kPlainMarkers{Marker{"User:", line_start},
                                   Marker{"Assistant:", line_start},
                                   kBarName,
                                   Marker{"[INST]"},
                                   Marker{"[/INST]"},
                                   Marker{"<<SYS>>"},
                                   Marker{"<</SYS>>"},
                                   Marker{"<s>"},
                                   Marker{"</s>"},
                                   Marker{"<unk>"}};
constexpr std::span<const Marker> kTokenMarkers = std::span(kPlainMarkers).subspan(2);

constexpr std::array kLlama3Stops{Text("<|end_of_text|>"), Text("<|eot_id|>")};
constexpr std::array kCodeLlama70bStops{Text("<step>"), Text("Source: user"),
                                        Text("Source: assistant")};
constexpr std::array kVicunaStops{Text("</s>"), Text("USER:")};
constexpr std::array kAlpacaStops{Text("### Instruction:")};
constexpr std::array kOpenOrcaStops{Text("<|end_of_turn|>")};
constexpr std::array kPlainStops{Text("\nUser:")};

constexpr TranscriptForm kPlain{.name = "plain",
                                .after_system = "\n\n",
                                .before_user = "User: ",
                                .before_answer = "\nAssistant: ",
                                .after_answer = "\n",
                                .end = "\nAssistant:",
                                .stop_sequences = kPlainStops,
                                .markers = kPlainMarkers};

constexpr TranscriptForm kWrappedLlama2{.name = "llama-2 inside of tags",
                                        .before_answer = " [/INST]\n",
                                        .after_answer = "\n[INST] ",
                                        .markers = kLlama2Markers};

constexpr std::array kForms{
    TranscriptForm{.name = "llama-3",
                   .before_system = "<|begin_of_text|><|start_header_id|>system<|end_header_id|>"
                                    "\n\n",
                   .after_system = "<|eot_id|>",
                   .without_system = "<|begin_of_text|>",
                   .before_user = "<|start_header_id|>user<|end_header_id|>\n\n",
                   .before_answer = "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
                   .after_answer = "<|eot_id|>",
                   .end = "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
                   .stop_sequences = kLlama3Stops,
                   .markers = kLlama3Markers,
                   .signature = "<|start_header_id|>user<|end_header_id|>"},
    TranscriptForm{.name = "llama-2",
                   .before_system = "<s>[INST] <<SYS>>\n",
                   .after_system = "\n<</SYS>>\n\n",
                   .without_system = "<s>[INST] ",
                   .before_answer = " [/INST] ",
                   .after_answer = " </s><s>[INST] ",
                   .end = " [/INST]",
                   .markers = kLlama2Markers,
                   .signature = "<<SYS>>"},
    // No <s> in front: the servers of these models add it.
    TranscriptForm{.name = "mistral",
                   .before_system = "[INST] ",
                   .after_system = "\n\n",
                   .without_system = "[INST] ",
                   .before_answer = " [/INST] ",
                   .after_answer = "</s> [INST] ",
                   .end = " [/INST]",
                   .markers = kLlama2Markers,
                   .signature = "[INST]"},
    TranscriptForm{.name = "code-llama-70b",
                   .before_system = "Source: system\n\n ",
                   .after_system = " <step> ",
                   .before_user = "Source: user\n\n ",
                   .before_answer = " <step> Source: assistant\n\n ",
                   .after_answer = " <step> ",
                   .end = " <step> Source: assistant\nDestination: user\n\n ",
                   .stop_sequences = kCodeLlama70bStops,
                   .markers = kCodeLlama70bMarkers,
                   .signature = "Source: user"},
    TranscriptForm{.name = "vicuna",
                   .after_system = " ",
                   .default_system = "A chat between a curious user and an artificial intelligence "
                                     "assistant. The assistant gives helpful, detailed, and polite "
                                     "answers to the user's questions.",
                   .before_user = "USER: ",
                   .before_answer = " ASSISTANT: ",
                   .after_answer = "</s>",
                   .end = " ASSISTANT:",
                   .stop_sequences = kVicunaStops,
                   .markers = kVicunaMarkers,
                   .signature = "USER: "},
    TranscriptForm{.name = "alpaca",
                   .after_system = "\n\n",
                   .default_system = "Below is an instruction that describes a task. Write a "
                                     "response that appropriately completes the request.",
                   .before_user = "### Instruction:\n",
                   .before_answer = "\n\n### Response:\n",
                   .after_answer = "\n\n",
                   .end = "\n\n### Response:\n",
                   .stop_sequences = kAlpacaStops,
                   .markers = kAlpacaMarkers,
                   .signature = "### Instruction:"},
    TranscriptForm{.name = "open-orca",
                   .after_system = " ",
                   .before_user = "User: ",
                   .before_answer = "<|end_of_turn|>Assistant: ",
                   .after_answer = "<|end_of_turn|>",
                   .end = "<|end_of_turn|>Assistant:",
                   .stop_sequences = kOpenOrcaStops,
                   .markers = kOpenOrcaMarkers,
                   .signature = "<|end_of_turn|>"},
};

// Replaces {system_prompt} in a parsed template.
constexpr char kSystemPlaceholder = '\0';

std::string insert_system_prompt(std::string_view text, std::string_view system_prompt) {
  std::string result;
  for (const char c : text) {
    if (c == kSystemPlaceholder) {
      result += system_prompt;
    } else {
      result += c;
    }
  }
  return result;
}

bool is_punctuation(char c) {
  return c > ' ' && c < '\x7f' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') &&
         (c < 'a' || c > 'z');
}

// The text that a template puts between messages, split at line ends, placeholders and double
// spaces. Pieces without punctuation do not mark a turn, and breaking them would alter ordinary
// words in messages, so they are left out.
void add_pieces(std::string_view text, std::vector<std::string>& pieces) {
  while (!text.empty()) {
    std::size_t end =
        std::min(text.find_first_of(std::string_view("\0\t\n\v\f\r", 6)), text.size());
    end = std::min(end, text.find("  "));
    std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (piece.starts_with(' ')) piece.remove_prefix(1);
    while (piece.ends_with(' ')) piece.remove_suffix(1);
    if (piece.size() > 1 && std::any_of(piece.begin(), piece.end(), is_punctuation)) {
      pieces.emplace_back(piece);
    }
  }
}

}  // namespace

const TranscriptForm& plain_form() noexcept {
  return kPlain;
}

const TranscriptForm& wrapped_llama_2_form() noexcept {
  return kWrappedLlama2;
}

const TranscriptForm* find_form(std::string_view name) noexcept {
  if (name == kPlain.name) return &kPlain;
  const auto found = std::find_if(kForms.begin(), kForms.end(),
                                  [name](const TranscriptForm& form) { return form.name == name; });
  return found == kForms.end() ? nullptr : &*found;
}

const TranscriptForm* recognize_form(std::string_view prompt_template) noexcept {
  const auto found =
      std::find_if(kForms.begin(), kForms.end(), [prompt_template](const TranscriptForm& form) {
        return prompt_template.find(form.signature) != std::string_view::npos;
      });
  return found == kForms.end() ? nullptr : &*found;
}

std::optional<TemplateForm> TemplateForm::parse(std::string_view prompt_template) {
  constexpr std::string_view kPrompt = "{prompt}";
  constexpr std::string_view kSystem = "{system_prompt}";
  TemplateForm result;
  bool has_prompt = false;
  for (std::string_view rest = prompt_template; !rest.empty();) {
    std::string& part = has_prompt ? result.after_prompt_ : result.before_prompt_;
    if (rest.starts_with("{{") || rest.starts_with("}}")) {
      part += rest.front();
      rest.remove_prefix(2);
    } else if (rest.starts_with(kPrompt) && !has_prompt) {
      has_prompt = true;
      rest.remove_prefix(kPrompt.size());
    } else if (rest.starts_with(kSystem)) {
      part += kSystemPlaceholder;
      rest.remove_prefix(kSystem.size());
    } else if (rest.front() == '{' || rest.front() == '}' || rest.front() == kSystemPlaceholder) {
      return std::nullopt;
    } else {
      part += rest.front();
      rest.remove_prefix(1);
    }
  }
  if (!has_prompt) return std::nullopt;
  add_pieces(result.before_prompt_, result.pieces_);
  add_pieces(result.after_prompt_, result.pieces_);
  return result;
}

bool TemplateForm::has_system_prompt() const noexcept {
  return before_prompt_.find(kSystemPlaceholder) != std::string::npos ||
         after_prompt_.find(kSystemPlaceholder) != std::string::npos;
}

TranscriptForm TemplateForm::form(std::string_view system_prompt) {
  markers_.assign(kTokenMarkers.begin(), kTokenMarkers.end());
  for (const std::string& piece : pieces_) markers_.push_back({piece});
  const std::string system = neutralize(system_prompt, markers_);
  before_user_ = insert_system_prompt(before_prompt_, system);
  end_ = insert_system_prompt(after_prompt_, system);
  before_answer_ = end_;
  const bool needs_space = !end_.empty() && !end_.ends_with(' ') && !end_.ends_with('\n');
  if (needs_space) before_answer_ += ' ';
  if (end_.empty()) before_answer_ = "\n";
  return {.name = "template",
          .after_system = "\n\n",
          .before_user = before_user_,
          .before_answer = before_answer_,
          .after_answer = "\n",
          .end = end_,
          .markers = markers_};
}

}  // namespace rellama::prompt
