#include "terminal/progress.hpp"

#include <array>
#include <cstdint>
#include <exception>

#include "wire/counted.hpp"

namespace rellama::terminal {
namespace {

using std::chrono::milliseconds;

// A loaded model starts within this time. A longer wait means that its machine is booting.
constexpr milliseconds kLongestQueue{3000};

constexpr std::array<std::string_view, 10> kUnicodeFrames{"⠋", "⠙", "⠹", "⠸", "⠼",
                                                          "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::array<std::string_view, 4> kAsciiFrames{"|", "/", "-", "\\"};

std::string_view word_for(const ProgressState& state) {
  if (state.status != Status::starting) return "running";
  return state.in_status > kLongestQueue ? "booting" : "queued";
}

}  // namespace

std::string render_progress(const ProgressState& state, std::size_t frame, Glyphs glyphs) {
  const bool unicode = glyphs == Glyphs::unicode;
  const std::string_view separator = unicode ? " · " : ", ";
  std::string line(unicode ? kUnicodeFrames[frame % kUnicodeFrames.size()]
                           : kAsciiFrames[frame % kAsciiFrames.size()]);
  line += ' ';
  line += word_for(state);
  if (state.tokens > 0) {
    line += separator;
    line += wire::counted(state.tokens, "token");
  }
  line += separator;
  line += std::to_string(std::chrono::duration_cast<std::chrono::seconds>(state.in_status).count());
  line += " s";
  return line;
}

Progress::Progress(OutputStream& err, AnswerPlace place, Glyphs glyphs)
    : err_(err),
      place_(place),
      glyphs_(glyphs),
      line_(err),
      thread_([this](const std::stop_token& stop) { draw_until_stopped(stop); }) {}

Progress::~Progress() {
  stop();
}

void Progress::created(const Prediction& prediction) {
  status_changed(prediction.status);
}

void Progress::status_changed(Status status) {
  const std::lock_guard lock(mutex_);
  if (status == status_) return;
  status_ = status;
  status_since_ = std::chrono::steady_clock::now();
}

void Progress::output(std::string_view /*text*/) {
  if (place_ == AnswerPlace::same_terminal) {
    stop();
    return;
  }
  const std::lock_guard lock(mutex_);
  ++tokens_;
}

void Progress::done(const Prediction& /*prediction*/) {
  stop();
}

void Progress::print_above(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  try {
    line_.erase();
    err_.write(lines);
  } catch (const std::exception&) {
    // As below: there is nowhere left to report it.
  }
}

void Progress::stop() noexcept {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Progress::draw_until_stopped(const std::stop_token& stop) {
  try {
    std::unique_lock lock(mutex_);
    for (std::size_t frame = 0;; ++frame) {
      // Only `stop` wakes it early.
      wake_.wait_for(lock, stop, kFrameTime, [] { return false; });
      if (stop.stop_requested()) break;
      draw(frame);
    }
    line_.erase();
  } catch (const std::exception&) {
    // The line is decoration, and no exception may end the thread. If the terminal is gone, writing
    // the answer fails.
  }
}

void Progress::draw(std::size_t frame) {
  const auto now = std::chrono::steady_clock::now();
  const ProgressState state{
      .status = status_,
      .in_status = std::chrono::duration_cast<milliseconds>(now - status_since_),
      .tokens = tokens_};
  const std::string line = render_progress(state, frame, glyphs_);
  // Part of it says nothing. The number of bytes is at least the number of columns.
  if (line.size() >= static_cast<std::size_t>(err_.columns())) return;
  line_.draw(line);
}

}  // namespace rellama::terminal
