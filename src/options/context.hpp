#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rellama/stop.hpp"
#include "system/environment.hpp"
#include "terminal/streams.hpp"

namespace CLI {
class App;
}

namespace rellama::program {

struct Command;
struct SettingInUse;

/// Everything a command gets from outside. It reads no global state.
struct Context {
  terminal::Streams streams;
  system::Environment environment;
  /// All commands, for the ones that describe or check others.
  std::span<const Command> commands = {};
  /// If set, a command passes its parser to this function instead of parsing, and does nothing
  /// else. Completions, man pages and the configuration learn the options this way.
  std::function<void(CLI::App&)> inspect = {};
  /// Ends waiting for a file or a command: on a signal, or at --timeout.
  StopToken stop = {};
  /// Receives the values in use and where they come from, for error messages; may be null.
  std::vector<SettingInUse>* settings_in_use = nullptr;
};

/// `context` for work that ends with `stop`.
[[nodiscard]] Context stopped_by(const Context& context, StopToken stop);

/// Writes to stderr. A failure to write is ignored: it must not end a run that is billed.
void tell(const Context& context, std::string_view lines) noexcept;

/// Tells a notice without anything to copy, in lines that end between words.
void tell_wrapped(const Context& context, std::string_view notice);

/// A command's arguments, without the program's and the command's own name.
using Arguments = std::vector<std::string>;

}  // namespace rellama::program
