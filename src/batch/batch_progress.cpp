#include "batch/batch_progress.hpp"

#include <algorithm>
#include <exception>

#include "batch/price.hpp"

namespace rellama::batch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kRedraw{200};
constexpr seconds kLogged{60};

double per_second(double count, seconds elapsed) {
  return count / static_cast<double>(std::max<std::int64_t>(elapsed.count(), 1));
}

std::string whole(double value) {
  return std::to_string(static_cast<std::int64_t>(value + 0.5));
}

}  // namespace

std::string render_time(seconds time) {
  constexpr std::int64_t kSixty = 60;
  const std::int64_t minutes = (time.count() + kSixty / 2) / kSixty;
  if (time.count() < 2 * kSixty) return std::to_string(time.count()) + " s";
  if (minutes < 2 * kSixty) return std::to_string(minutes) + " min";
  return std::to_string(minutes / kSixty) + " h " + std::to_string(minutes % kSixty) + " min";
}

std::string render_progress_line(const Counts& counts, seconds elapsed) {
  std::string line = std::to_string(counts.done()) + " of " + std::to_string(counts.rows) + " done";
  if (counts.failed > 0) line += ", " + std::to_string(counts.failed) + " failed";
  const auto add = [&line](const std::string& part) { line += " · " + part; };
  if (counts.running > 0) add(std::to_string(counts.running) + " running");
  if (counts.waiting() > 0) add(std::to_string(counts.waiting()) + " waiting");
  constexpr double kMinute = 60;
  const double rate = per_second(static_cast<double>(counts.ended), elapsed);
  if (counts.ended > 0) add(whole(rate * kMinute) + "/min");
  const double tokens = per_second(static_cast<double>(counts.output_tokens), elapsed);
  if (counts.output_tokens > 0) add(whole(tokens) + " tokens/s");
  const std::size_t left = counts.waiting() + counts.running;
  if (rate > 0 && left > 0) {
    add(render_time(seconds(static_cast<std::int64_t>(static_cast<double>(left) / rate))) +
        " left");
  }
  if (counts.cost) add(render_dollars(*counts.cost));
  return line;
}

BatchProgress::BatchProgress(terminal::OutputStream& err, Way way)
    : err_(err),
      way_(way),
      next_(begin_ + (way == Way::line ? kRedraw : milliseconds(kLogged))),
      line_(err) {}

BatchProgress::~BatchProgress() {
  clear();
}

seconds BatchProgress::elapsed(Clock::time_point now) const {
  return std::chrono::duration_cast<seconds>(now - begin_);
}

BatchProgress::Clock::time_point BatchProgress::show(const Counts& counts, Clock::time_point now) {
  if (way_ == Way::none) return Clock::time_point::max();
  if (now < next_) return next_;
  const std::string line = render_progress_line(counts, elapsed(now));
  if (way_ == Way::log) {
    next_ = now + kLogged;
    print("rellama: " + line + "\n");
    return next_;
  }
  next_ = now + kRedraw;
  try {
    line_.draw(line);
  } catch (const std::exception&) {  // the line is decoration
  }
  return next_;
}

void BatchProgress::print(std::string_view lines) noexcept {
  clear();
  try {
    err_.print(lines);
  } catch (const std::exception&) {  // a batch that is billed goes on
  }
}

void BatchProgress::clear() noexcept {
  try {
    line_.erase();
  } catch (const std::exception&) {  // as above
  }
}

}  // namespace rellama::batch
