#pragma once

#include <string_view>

#include "markdown/tree.hpp"

namespace rellama::markdown {

/// Stands for a line break in the text that `parse_spans` takes.
inline constexpr char kLineBreakMark = '\x1f';

/// Parses `text`, a part of a block without blanks at its ends, into text and spans. Every span it
/// opens is closed.
void parse_spans(std::string_view text, SpanSink& sink);

}  // namespace rellama::markdown
