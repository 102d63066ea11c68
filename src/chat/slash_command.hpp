#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace rellama::chat {

enum class SlashName {
  branch,
  clear,
  copy,
  drop,
  edit,
  exit,
  file,
  help,
  model,
  retry,
  save,
  sessions,
  set,
  system,
  undo,
  usage,
};

/// A chat command, as listed by `/help`.
struct SlashSpec {
  SlashName name;
  std::string_view word;       ///< with its slash
  std::string_view arguments;  ///< "[REF]"; empty if it takes none
  std::string_view summary;
};

/// All commands, in alphabetical order.
[[nodiscard]] std::span<const SlashSpec> slash_commands() noexcept;

/// Whether a line without a slash means that the user wants to leave, as in other programs: "exit",
/// "quit" or ":q" alone.
[[nodiscard]] bool leaves(std::string_view line);

/// A typed command and its argument, the rest of the line without surrounding blanks.
struct SlashCommand {
  SlashName name;
  std::string argument;
};

/// Parses a line that starts with a slash. Unambiguous abbreviations and
/// `/quit`, `/q` and `/bye` are accepted. Throws Error
/// (invalid_input), with a suggestion, for an unknown command or a wrong number of arguments.
[[nodiscard]] SlashCommand parse_slash_command(std::string_view line);

/// Renders the list for `/help`, or the help for the command `about`, with or without its slash, in
/// lines of at most `width` columns (0: any). Throws Error (invalid_input) if there is no such
/// command.
[[nodiscard]] std::string render_slash_help(std::string_view about, std::size_t width);

}  // namespace rellama::chat
