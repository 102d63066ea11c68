#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/input_history.hpp"
#include "terminal/line_display.hpp"
#include "terminal/line_source.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// The possible completions of a line that is being typed.
struct Completion {
  std::size_t begin = 0;                ///< where the word to complete starts in the line
  std::vector<std::string> candidates;  ///< whole words
};

/// Finds the completions of a line up to the cursor.
using Completer = std::function<Completion(std::string_view line)>;

/// Reads lines from a terminal with libedit: Emacs or vi keys as set in the user's `~/.editrc`
/// (editrc(5)), history with the arrow keys and Ctrl-R, completion with Tab. Pasted text stays one
/// line; see KeyDecoder. What is typed between two lines is not shown, and starts the next one.
/// libedit itself prints nothing; see LineDisplay.
class LineEditor final : public LineSource {
 public:
  /// Reads from the descriptor `in` and shows the line on `out`, which must outlive this; both are
  /// a terminal, and `out_fd` is the descriptor of the latter. `history` stores messages beyond the
  /// session, if given.
  LineEditor(int in, OutputStream& out, int out_fd, LineDisplay::Terminal terminal,
             std::optional<InputHistory> history, Completer completer);
  ~LineEditor() override;
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  [[nodiscard]] Line read(const std::string& prompt, const StopToken& stop) override;
  void lend_terminal() override;
  void take_terminal_back() override;
  void remember(std::string_view message) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rellama::terminal
