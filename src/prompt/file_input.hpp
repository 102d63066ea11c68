#pragma once

#include <cstddef>
#include <optional>

#include "prompt/render.hpp"
#include "rellama/generation_parameters.hpp"
#include "rellama/input.hpp"

namespace rellama::prompt {

/// The largest file that Replicate takes as a `data:` URL; a larger one is uploaded
/// (docs/protocol.md §4).
inline constexpr std::size_t kMaxInlineFile = 256'000;

/// Whether the build gets the URL of this file, not its text. An input of unknown type gets the URL
/// of pictures, sound and whatever else is not text.
[[nodiscard]] bool is_sent_as_url(const Build& build, const InputField& field);

/// The first of the `others` whose file has to be uploaded before the input can be sent.
[[nodiscard]] std::optional<std::size_t> find_upload(const Target& target,
                                                     const GenerationParameters& parameters);

/// What is sent for a file: its text, a `data:` URL, or, if it has to be uploaded first, a
/// placeholder for its URL. Throws Error (invalid_input) if its text is not UTF-8.
[[nodiscard]] std::string render_file(const Target& target, const InputField& field);

/// Replaces every file that is sent as text by its text.
void make_texts(const Build& build, GenerationParameters& parameters);

/// Throws Error (invalid_input) if `text` is not the URL of a file.
void check_file_url(std::string_view name, std::string_view text);

}  // namespace rellama::prompt
