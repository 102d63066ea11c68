#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/column_layout.hpp"
#include "terminal/parallel_printer.hpp"
#include "terminal/streams.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::terminal {

/// Shows answers side by side on a terminal that can redraw (style.hpp). While they arrive, the
/// part that fits on the screen is redrawn, whatever size the screen has by then. The cursor stays
/// at the start, so that erasing does not depend on how many lines the terminal wrapped it to. At
/// the end the answers are written in full.
class Columns final : public ParallelPrinter {
 public:
  Columns(OutputStream& out, const std::vector<std::string>& headings, ColumnStyle style);

  void status_changed(std::size_t run, Status status) override;
  void output(std::size_t run, std::string_view text) override;
  void done(std::size_t run, const Prediction& prediction) override;
  void fail(std::size_t run, const Error& error) override;
  void flush() override;
  void make_room() override;
  void finish() override;

 private:
  using Clock = std::chrono::steady_clock;

  struct Column {
    std::string heading;
    VisibleText visible = {};
    std::string text = {};
    Status status = Status::unknown;  // until it starts
    Clock::time_point status_since = Clock::now();
    std::size_t tokens = 0;
    bool over = false;
    std::string error = {};
  };

  void end_text(Column& column);
  [[nodiscard]] std::string state_of(const Column& column) const;
  [[nodiscard]] std::vector<ColumnText> texts() const;
  void draw(const std::vector<std::string>& lines);

  OutputStream& out_;
  ColumnStyle style_;
  std::vector<Column> columns_;
  Clock::time_point started_ = Clock::now();
  std::string drawn_;  // on the screen, to be erased
};

}  // namespace rellama::terminal
