#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/marker.hpp"

namespace rellama::prompt {

/// How a family of models reads a conversation (docs/protocol.md §7). It is the opening, every
/// finished turn (`before_user`, the user's text, `before_answer`, the answer, `after_answer`), and
/// the newest message (`before_user`, the text, `end`).
struct TranscriptForm {
  std::string_view name = {};
  std::string_view before_system = {};
  std::string_view after_system = {};
  std::string_view without_system = {};  ///< the opening where there is no system prompt
  std::string_view default_system = {};  ///< what the family was trained with; empty: none
  std::string_view before_user = {};
  std::string_view before_answer = {};
  std::string_view after_answer = {};
  std::string_view end = {};
  std::span<const std::string_view> stop_sequences = {};
  std::span<const Marker> markers = {};  ///< what no text that is put in may hold
  /// What a template of this form holds and a template of no other form above it in the list.
  std::string_view sign = {};
};

/// The form that goes by a name of the catalogue; null if there is none.
[[nodiscard]] const TranscriptForm* find_form(std::string_view name) noexcept;

/// The form of which this `prompt_template` is the first turn; null if it is none of ours.
[[nodiscard]] const TranscriptForm* recognize_form(std::string_view prompt_template) noexcept;

/// For a model of which nothing is known, and for base models.
[[nodiscard]] const TranscriptForm& plain_form() noexcept;

/// Llama 2's for a build that puts the system prompt and the outer tags around it itself.
[[nodiscard]] const TranscriptForm& wrapped_llama_2_form() noexcept;

/// A form made from a template for one turn, with the answer behind it and then a line end.
class TemplateForm {
 public:
  /// Nothing if `prompt_template` is not a template with exactly one `{prompt}`.
  [[nodiscard]] static std::optional<TemplateForm> parse(std::string_view prompt_template);

  /// Whether there is a place for the system prompt, which then is part of every turn.
  [[nodiscard]] bool has_system_prompt() const noexcept;

  /// The form with this system prompt. No text may hold a marker of any model, nor what the
  /// template itself puts between the texts. It points into this object.
  [[nodiscard]] TranscriptForm form(std::string_view system_prompt);

 private:
  std::string before_prompt_;  // with a NUL for {system_prompt}
  std::string after_prompt_;   // the same
  std::vector<std::string> pieces_;
  std::vector<Marker> markers_;
  std::string before_user_;
  std::string before_answer_;
  std::string end_;
};

}  // namespace rellama::prompt
