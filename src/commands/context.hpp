#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/environment.hpp"
#include "terminal/streams.hpp"

namespace CLI {
class App;
}

namespace rellama::commands {

/// What every command is handed by the program: it reaches for nothing else.
struct Context {
  terminal::Streams streams;
  settings::Environment environment;
  /// Where this is set, a command hands it its parser instead of parsing, and does nothing else:
  /// for those who describe commands.
  std::function<void(CLI::App&)> inspect = {};
};

/// Tells the user something on stderr. That it cannot be written is no reason to end a run that is
/// billed, so nothing is thrown.
void tell(const Context& context, std::string_view lines) noexcept;

/// A command's arguments, without the program's and the command's own name.
using Arguments = std::vector<std::string>;

}  // namespace rellama::commands
