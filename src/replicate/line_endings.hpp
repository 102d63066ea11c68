#pragma once

#include <string>
#include <string_view>

namespace rellama::replicate {

/// `text` with each CR LF and each lone CR replaced by LF. An event cannot contain a carriage
/// return (docs/protocol.md §5), so texts that differ only in line endings are the same output.
[[nodiscard]] std::string with_lf_only(std::string_view text);

}  // namespace rellama::replicate
