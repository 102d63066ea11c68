#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rellama::chat {

enum class SlashName {
  branch,
  clear,
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

/// A command of the conversation, as `/help` lists it.
struct SlashSpec {
  SlashName name;
  std::string_view word;       ///< with its slash
  std::string_view arguments;  ///< "[REF]"; empty: it takes none
  std::string_view summary;
};

/// All of them, in the order of the alphabet.
[[nodiscard]] std::span<const SlashSpec> slash_commands() noexcept;

/// What was typed: a command and the rest of the line, without blanks around it.
struct SlashCommand {
  SlashName name;
  std::string argument;
};

/// Reads a line that begins with a slash. A beginning that only one command has will do. Throws
/// Error (invalid_input) for what is none, or has an argument too many, naming what was meant.
[[nodiscard]] SlashCommand parse_slash_command(std::string_view line);

/// The list for `/help`, or what it says of the one command `about`, with or without its slash.
/// Throws Error (invalid_input) if there is no such command.
[[nodiscard]] std::string render_slash_help(std::string_view about);

}  // namespace rellama::chat
