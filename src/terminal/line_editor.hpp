#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/input_history.hpp"
#include "terminal/line_source.hpp"

namespace rellama::terminal {

/// What could stand at the end of a line that is being typed.
struct Completion {
  std::size_t begin = 0;                ///< where in the line the word begins that they complete
  std::vector<std::string> candidates;  ///< whole words
};

/// Gives the completions of a line up to the cursor.
using Completer = std::function<Completion(std::string_view line)>;

/// A person's terminal, with the line editing of libedit: Emacs or vi keys from the user's own
/// `~/.editrc` (editrc(5)), history with the arrow keys and Ctrl-R, Tab. A text that is pasted
/// stays one line, see KeyDecoder. What is typed between two lines is not shown there, and is the
/// beginning of the next.
class LineEditor final : public LineSource {
 public:
  /// Reads from the descriptor `in` and shows the line on `out`, both a terminal. `history` is
  /// where messages are kept beyond the session, if anywhere.
  LineEditor(int in, int out, std::optional<InputHistory> history, Completer completer);
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
