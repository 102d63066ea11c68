#pragma once

#include <string>

#include "terminal/streams.hpp"

namespace rellama::terminal {

/// A line at the bottom of a terminal that is drawn over itself. While it is shown, erase it before
/// writing anything else there. Not thread-safe. All members throw Error as
/// `OutputStream::write` does.
class StatusLine {
 public:
  /// `out` must outlive this, and must be able to redraw (see style.hpp).
  explicit StatusLine(OutputStream& out) : out_(out) {}

  /// Shows `line`, which must be safe to print, in place of the one before. It is cut where it
  /// would wrap, because then it could not be erased.
  void draw(const std::string& line);
  /// Erases the line, if it is shown.
  void erase();

 private:
  OutputStream& out_;
  std::string shown_ = {};
};

}  // namespace rellama::terminal
