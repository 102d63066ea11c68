#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rellama::files {

/// The maximum length of a name from `file_name_of`, in bytes. A suffix still fits.
inline constexpr std::size_t kMaxName = 150;

/// Names the file at `url` after the last segment of its path. The name is safe whatever the server
/// chose: a single visible segment, without characters that are special to a shell or a terminal,
/// and without a leading dot or dash. Returns `output-N`, with `number` for N, if nothing is left,
/// and for `data:` URLs, which have no name.
[[nodiscard]] std::string file_name_of(std::string_view url, std::size_t number);

/// Appends the usual extension for `media_type` if `name` has none.
[[nodiscard]] std::string with_extension(std::string name, std::string_view media_type);

/// Inserts the number before the extension (`out-2.png`), unless it is 1.
[[nodiscard]] std::string numbered(const std::string& name, std::size_t number);

}  // namespace rellama::files
