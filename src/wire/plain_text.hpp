#pragma once

#include <string>
#include <string_view>

namespace rellama::wire {

/// The byte order mark that Windows programs write before UTF-8.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Text as it would have been written on Unix: without a byte order mark, and with "\n" for "\r\n".
[[nodiscard]] std::string plain_text(std::string text);

}  // namespace rellama::wire
