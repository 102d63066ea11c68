#pragma once

#include <string>
#include <string_view>

#include "system/environment.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Which characters decoration may have.
enum class Glyphs { unicode, ascii };

/// The argument of --color.
enum class ColorMode { automatic, always, never };

/// Whether to colour what goes to `out`. Automatic: NO_COLOR turns it off, then CLICOLOR_FORCE
/// (anything but 0) turns it on, then a terminal that is not TERM=dumb has it.
[[nodiscard]] bool use_color(ColorMode mode, const OutputStream& out,
                             const system::Environment& environment);

/// Whether a line on `out` can be drawn again and again: a terminal that is not TERM=dumb.
[[nodiscard]] bool can_redraw(const OutputStream& out, const system::Environment& environment);

/// Whether the locale of the environment (LC_ALL, LC_CTYPE, LANG) has UTF-8.
[[nodiscard]] bool has_utf8(const system::Environment& environment);

/// An error as it goes to stderr: `rellama: message`, on one line whatever a server put into the
/// message, with its line end. The prefix is bold red if `color`.
[[nodiscard]] std::string render_error_line(std::string_view message, bool color);

}  // namespace rellama::terminal
