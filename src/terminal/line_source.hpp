#pragma once

#include <string>
#include <string_view>

#include "rellama/stop.hpp"

namespace rellama::terminal {

/// How the reading of a line ended.
enum class LineEnd {
  line,         ///< there is a line, which may be empty
  interrupted,  ///< the StopToken asked for it; what was typed is gone
  end,          ///< there are no more lines
};

struct Line {
  LineEnd end = LineEnd::end;
  std::string text;  ///< UTF-8, without its line end; a line that was pasted may hold line ends
};

/// Where the lines of a conversation come from: a person at a terminal, or a script.
class LineSource {
 public:
  virtual ~LineSource() = default;

  /// Reads one line; `prompt` is shown where a person types. Throws Error (invalid_input) for what
  /// cannot be read.
  [[nodiscard]] virtual Line read(const std::string& prompt, const StopToken& stop) = 0;
  /// Leaves the terminal to another program as it was found, until it is taken back or the next
  /// line is read.
  virtual void lend_terminal() {}
  virtual void take_terminal_back() {}
  /// Keeps a message for the arrow keys and the search, where there are such.
  virtual void remember(std::string_view /*message*/) {}
};

}  // namespace rellama::terminal
