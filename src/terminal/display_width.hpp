#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rellama::terminal {

/// What a reader sees as one character: a letter with its accents, an emoji of several parts. It is
/// never cut.
struct Cluster {
  std::string_view bytes;
  std::size_t width;  ///< in terminal columns: 2 for wide characters, 0 for combining ones
};

/// The cluster at the start of `text`, which must be safe to show (visible_text.hpp) and not empty.
/// An invalid byte is a cluster of width 1. The locale has no influence.
[[nodiscard]] Cluster first_cluster(std::string_view text);

/// The width of `text`, which has no line end, in terminal columns.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Cuts `text` to `width` columns, with an ellipsis if anything is cut.
[[nodiscard]] std::string fit_width(std::string_view text, std::size_t width);

}  // namespace rellama::terminal
