#pragma once

#include <string>
#include <vector>

#include "settings/environment.hpp"
#include "terminal/streams.hpp"

namespace rellama::commands {

/// What every command is handed by the program: it reaches for nothing else.
struct Context {
  terminal::Streams streams;
  settings::Environment environment;
};

/// A command's arguments, without the program's and the command's own name.
using Arguments = std::vector<std::string>;

}  // namespace rellama::commands
