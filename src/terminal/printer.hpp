#pragma once

#include "rellama/error.hpp"
#include "rellama/event_sink.hpp"

namespace rellama::terminal {

/// Shows a run on an output stream, in one of the output formats. A printer ends once, with `done`
/// or `fail`. Events after that are ignored, and so are events after a failed write.
class Printer : public EventSink {
 public:
  /// The run ended early. Prints what has arrived.
  virtual void fail(const Error& error) = 0;
};

}  // namespace rellama::terminal
