#pragma once

#include <string>
#include <string_view>

#include "system/environment.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Which characters decoration may use.
enum class Glyphs { unicode, ascii };

/// The argument of --color.
enum class ColorMode { automatic, always, never };

/// Whether to use colors on `out`. Automatic mode: NO_COLOR turns them off; else CLICOLOR_FORCE
/// (other than 0) turns them on; else they are on for a terminal, unless TERM=dumb.
[[nodiscard]] bool use_color(ColorMode mode, const OutputStream& out,
                             const system::Environment& environment);

/// Whether a line on `out` can be redrawn: it is a terminal, and not TERM=dumb.
[[nodiscard]] bool can_redraw(const OutputStream& out, const system::Environment& environment);

/// Whether the locale of the environment (LC_ALL, LC_CTYPE, LANG) uses UTF-8.
[[nodiscard]] bool has_utf8(const system::Environment& environment);

/// What a colored error line begins with.
inline constexpr std::string_view kColoredPrefix = "\x1b[1;31mrellama:\x1b[0m ";

/// Renders an error for stderr: `rellama: message` and a line end, on one line whatever the message
/// contains. The prefix is bold red if `color`.
[[nodiscard]] std::string render_error_line(std::string_view message, bool color);

}  // namespace rellama::terminal
