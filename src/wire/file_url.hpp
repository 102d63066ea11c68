#pragma once

#include <string_view>

namespace rellama::wire {

/// Whether `text` consists of exactly one URL with a scheme used for output files (http, https,
/// data): no whitespace, no control characters and no other text around it.
[[nodiscard]] bool is_file_url(std::string_view text) noexcept;

/// Whether `text` is a `data:` URL.
[[nodiscard]] bool is_data_url(std::string_view text) noexcept;

}  // namespace rellama::wire
