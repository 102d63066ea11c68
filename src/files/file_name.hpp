#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rellama::files {

/// The most bytes that `file_name_of` gives: short enough that a suffix still fits.
inline constexpr std::size_t kLongestName = 150;

/// A name for the file at `url`, from the last segment of its path: one segment, visible, of
/// characters that no shell and no terminal takes for anything else, with no dot or dash in front.
/// Nothing of another server's choosing can lead elsewhere. `output-N` with N for `number` where
/// nothing is left, and for `data:`, which has no name.
[[nodiscard]] std::string file_name_of(std::string_view url, std::size_t number);

/// `name`, with the extension that is usual for `media_type` if it has none.
[[nodiscard]] std::string with_extension(std::string name, std::string_view media_type);

/// `name` for number 1; for others with the number before the extension: `out-2.png`.
[[nodiscard]] std::string numbered(const std::string& name, std::size_t number);

}  // namespace rellama::files
