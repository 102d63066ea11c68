#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rellama::terminal {

/// What a reader takes for one character: a letter with its accents, an emoji of several parts. It
/// is never cut.
struct Cluster {
  std::string_view bytes;
  std::size_t width;  ///< in columns of a terminal: 2 for wide characters, 0 for joining ones
};

/// The cluster at the begin of `text`, which is not empty and safe to show (visible_text.hpp). A
/// byte that is not UTF-8 is one of width 1. The locale has no say in it.
[[nodiscard]] Cluster first_cluster(std::string_view text);

/// How many columns of a terminal `text` takes, which has no line end.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// As much of the begin of `text` as has room in `width` columns, with an ellipsis if that is not
/// all of it.
[[nodiscard]] std::string fit_width(std::string_view text, std::size_t width);

}  // namespace rellama::terminal
