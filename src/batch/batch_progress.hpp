#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "terminal/status_line.hpp"
#include "terminal/streams.hpp"

namespace rellama::batch {

/// How far a batch is. Rows of earlier runs count as done.
struct Counts {
  std::size_t rows = 0;
  std::size_t answered = 0;
  std::size_t failed = 0;
  std::size_t running = 0;
  // Of this run:
  std::size_t ended = 0;
  std::int64_t output_tokens = 0;
  std::optional<double> cost = {};  ///< of the whole batch; empty without a price

  [[nodiscard]] std::size_t done() const noexcept { return answered + failed; }
  [[nodiscard]] std::size_t waiting() const noexcept { return rows - done() - running; }
};

/// `412 of 2000 done, 3 failed · 8 running · 1580 waiting · 96/min · 410 tokens/s · 17 min left`
[[nodiscard]] std::string render_progress_line(const Counts& counts, std::chrono::seconds elapsed);

/// `1 h 20 min`, `17 min`, `40 s`
[[nodiscard]] std::string render_time(std::chrono::seconds time);

/// Shows how far a batch is: on a terminal in a line that changes, otherwise in a line a minute.
class BatchProgress {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Way { line, log, none };

  /// `err` must outlive this.
  BatchProgress(terminal::OutputStream& err, Way way);
  ~BatchProgress();
  BatchProgress(const BatchProgress&) = delete;
  BatchProgress& operator=(const BatchProgress&) = delete;

  /// Shows `counts` if it is time to. Returns when it will be next.
  Clock::time_point show(const Counts& counts, Clock::time_point now);
  /// Writes whole lines, above the line that changes.
  void print(std::string_view lines) noexcept;
  /// Erases the line that changes.
  void clear() noexcept;

  [[nodiscard]] std::chrono::seconds elapsed(Clock::time_point now) const;

 private:
  terminal::OutputStream& err_;
  const Way way_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point next_;
  terminal::StatusLine line_;
};

}  // namespace rellama::batch
