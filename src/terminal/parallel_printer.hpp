#pragma once

#include <cstddef>
#include <string_view>

#include "rellama/error.hpp"
#include "rellama/prediction.hpp"

namespace rellama::terminal {

/// Shows the answers of several concurrent runs, numbered from 0. All calls come from one thread.
/// Each run ends once, with `done` or `fail`. Functions that write throw Error as
/// `OutputStream::write` does.
class ParallelPrinter {
 public:
  virtual ~ParallelPrinter() = default;

  /// The run started, or its status changed.
  virtual void status_changed(std::size_t /*run*/, Status /*status*/) {}
  /// New text of an answer.
  virtual void output(std::size_t run, std::string_view text) = 0;
  virtual void done(std::size_t run, const Prediction& prediction) = 0;
  virtual void fail(std::size_t run, const Error& error) = 0;
  /// Writes what is pending. Called often, also when there is nothing new.
  virtual void flush() = 0;
  /// Makes room for other output on the same terminal.
  virtual void make_room() {}
  /// Shows the rest, after all runs ended.
  virtual void finish() = 0;
};

}  // namespace rellama::terminal
