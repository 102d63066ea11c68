#pragma once

#include <cstddef>
#include <string>

namespace CLI {
class App;
}

namespace rellama::program {

/// What `--help` shows: with `--help all`, every option in its group; otherwise those that are used
/// most.
enum class HelpExtent { common, all };

/// The help of a command: usage, description, notes, subcommands, options. No line is wider than
/// `width` columns, unless a word or a note is.
[[nodiscard]] std::string render_help(const CLI::App& app, HelpExtent extent, std::size_t width);

}  // namespace rellama::program
