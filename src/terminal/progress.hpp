#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "rellama/event_sink.hpp"
#include "terminal/status_line.hpp"
#include "terminal/streams.hpp"
#include "terminal/style.hpp"

namespace rellama::terminal {

/// Where the answer is printed while the progress line is on stderr.
enum class AnswerPlace {
  same_terminal,  ///< the line is erased for good before the first text
  elsewhere,      ///< a file or pipe: the line keeps counting
};

/// How long each frame of the progress line is shown.
inline constexpr std::chrono::milliseconds kFrameTime{100};

/// The state that the progress line shows.
struct ProgressState {
  Status status = Status::starting;
  std::chrono::milliseconds in_status{0};
  std::size_t tokens = 0;
};

/// Renders the line without escape sequences: `⠹ booting · 12 s`, `⠼ running · 84 tokens · 3 s`.
[[nodiscard]] std::string render_progress(const ProgressState& state, std::size_t frame,
                                          Glyphs glyphs);

/// A line on the terminal that shows what a run is doing. It appears after 100 ms, is drawn by a
/// thread of its own, and does not hide the cursor. `done`, `stop` and the destructor erase it.
/// While it is shown, other output to that terminal must go through `print_above`. So it precedes
/// the printer in a SinkList, and is not used with log lines on stderr. If it cannot be written, it
/// stops silently.
class Progress final : public EventSink {
 public:
  /// `err` must outlive this, and must be able to redraw (see style.hpp).
  Progress(OutputStream& err, AnswerPlace place, Glyphs glyphs);
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void created(const Prediction& prediction) override;
  void status_changed(Status status) override;
  /// Counts one token; models send them one by one.
  void output(std::string_view text) override;
  void done(const Prediction& prediction) override;

  /// Writes complete lines to the terminal above the progress line. Throws Error as
  /// `OutputStream::write` does.
  void print_above(std::string_view lines);

  /// Erases the line for good. May be called again.
  void stop() noexcept;

 private:
  void draw_until_stopped(const std::stop_token& stop);
  void draw(std::size_t frame);

  OutputStream& err_;
  const AnswerPlace place_;
  const Glyphs glyphs_;

  std::mutex mutex_;  // guards the following, and is held while writing the line
  std::condition_variable_any wake_;
  Status status_ = Status::starting;
  std::chrono::steady_clock::time_point status_since_ = std::chrono::steady_clock::now();
  std::size_t tokens_ = 0;
  StatusLine line_;

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace rellama::terminal
