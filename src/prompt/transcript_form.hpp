#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/marker.hpp"

namespace rellama::prompt {

/// The format in which a family of models reads a conversation (docs/protocol.md §7): the opening,
/// each finished turn (`before_user`, the user's text, `before_answer`, the answer,
/// `after_answer`), and the newest message (`before_user`, the text, `end`).
struct TranscriptForm {
  std::string_view name = {};
  std::string_view before_system = {};
  std::string_view after_system = {};
  std::string_view without_system = {};  ///< the opening if there is no system prompt
  std::string_view default_system = {};  ///< the system prompt used in training; empty: none
  std::string_view before_user = {};
  std::string_view before_answer = {};
  std::string_view after_answer = {};
  std::string_view end = {};
  std::span<const std::string_view> stop_sequences = {};
  std::span<const Marker> markers = {};  ///< must not appear in inserted text; see `neutralize`
  /// Text that identifies a template of this form. Forms earlier in the list take precedence.
  std::string_view signature = {};
};

/// The form with this name in the catalogue; null if there is none.
[[nodiscard]] const TranscriptForm* find_form(std::string_view name) noexcept;

/// The form whose first turn matches `prompt_template`; null if it is not a known form.
[[nodiscard]] const TranscriptForm* recognize_form(std::string_view prompt_template) noexcept;

/// The form for base models and for models about which nothing is known.
[[nodiscard]] const TranscriptForm& plain_form() noexcept;

/// Llama 2's form for builds that add the system prompt and the outer tags themselves.
[[nodiscard]] const TranscriptForm& wrapped_llama_2_form() noexcept;

/// A form made from a template for one turn, followed by the answer and a newline.
class TemplateForm {
 public:
  /// Returns nullopt if `prompt_template` is not a template with exactly one `{prompt}`.
  [[nodiscard]] static std::optional<TemplateForm> parse(std::string_view prompt_template);

  /// Whether the template contains the system prompt, which is then part of every turn.
  [[nodiscard]] bool has_system_prompt() const noexcept;

  /// The form with this system prompt. Its markers are those of all known models, and the text
  /// that the template puts between messages. It points into this object.
  [[nodiscard]] TranscriptForm form(std::string_view system_prompt);

 private:
  std::string before_prompt_;  // with NUL in place of {system_prompt}
  std::string after_prompt_;   // the same
  std::vector<std::string> pieces_;
  std::vector<Marker> markers_;
  std::string before_user_;
  std::string before_answer_;
  std::string end_;
};

}  // namespace rellama::prompt
