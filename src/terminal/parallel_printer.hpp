#pragma once

#include <cstddef>
#include <string_view>

#include "rellama/error.hpp"
#include "rellama/prediction.hpp"

namespace rellama::terminal {

/// Shows the answers of several runs that go on at the same time; a run is known by its number,
/// from 0. All calls come from one thread. Each run ends once, by `done` or by `fail`. What writes
/// throws Error as `OutputStream::write` does.
class ParallelPrinter {
 public:
  virtual ~ParallelPrinter() = default;

  /// The run has been started, or goes on to another status.
  virtual void status_changed(std::size_t /*run*/, Status /*status*/) {}
  /// New text of an answer.
  virtual void output(std::size_t run, std::string_view text) = 0;
  virtual void done(std::size_t run, const Prediction& prediction) = 0;
  virtual void fail(std::size_t run, const Error& error) = 0;
  /// Writes out what there is. Called often, and now and then when there is nothing new.
  virtual void flush() = 0;
  /// Makes room for lines of somebody else on the same terminal.
  virtual void make_room() {}
  /// All runs have ended: shows what is left.
  virtual void finish() = 0;
};

}  // namespace rellama::terminal
