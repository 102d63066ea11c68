#pragma once

#include <string>
#include <string_view>

#include "rellama/stop.hpp"

namespace rellama::terminal {

/// How reading a line ended.
enum class LineEnd {
  line,         ///< with a line, which may be empty
  interrupted,  ///< by the StopToken; what was typed is discarded
  end,          ///< at the end of the input
};

struct Line {
  LineEnd end = LineEnd::end;
  std::string text;  ///< UTF-8, without its line end; a pasted line may contain line ends
};

/// Provides the lines of a conversation, from a person at a terminal or from a script.
class LineSource {
 public:
  virtual ~LineSource() = default;

  /// Reads a line. `prompt` is shown to a person. Throws Error (invalid_input) if reading fails.
  [[nodiscard]] virtual Line read(const std::string& prompt, const StopToken& stop) = 0;
  /// Restores the terminal for another program, until it is taken back or the next line is read.
  virtual void lend_terminal() {}
  virtual void take_terminal_back() {}
  /// Adds a message to the history of the arrow keys and the search, if there is one.
  virtual void remember(std::string_view /*message*/) {}
};

}  // namespace rellama::terminal
