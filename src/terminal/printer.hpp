#pragma once

#include "rellama/error.hpp"
#include "rellama/event_sink.hpp"

namespace rellama::terminal {

/// Shows a run on an output stream, in one of the forms a user can ask for. Each printer ends once,
/// by `done` or by `fail`; what comes after that is ignored, and so is what comes after a failed
/// write.
class Printer : public EventSink {
 public:
  /// The run ended early. Nothing that has arrived is lost.
  virtual void fail(const Error& error) = 0;
};

}  // namespace rellama::terminal
