#pragma once

#include <string_view>

namespace rellama {

/// The version of the library, "1.2.3".
[[nodiscard]] std::string_view version() noexcept;

}  // namespace rellama
