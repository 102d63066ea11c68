#pragma once

#include <string_view>

namespace rellama::wire {

/// Whether `text` is one whole URL of the kinds under which a model's files are found (http, https,
/// data) and nothing else: no blanks, no control characters, no second URL glued to it.
[[nodiscard]] bool is_file_url(std::string_view text) noexcept;

/// Whether `text` is a `data:` URL.
[[nodiscard]] bool is_data_url(std::string_view text) noexcept;

}  // namespace rellama::wire
