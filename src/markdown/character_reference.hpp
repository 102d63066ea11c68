#pragma once

#include <string>
#include <string_view>

namespace rellama::markdown {

/// The text that a character reference such as `&amp;` or `&#x41;` stands for. An unknown one is
/// returned as it is, a line end or tab as a space, what is no character as U+FFFD.
[[nodiscard]] std::string decode_reference(std::string_view reference);

}  // namespace rellama::markdown
