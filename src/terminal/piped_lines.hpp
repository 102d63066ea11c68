#pragma once

#include "terminal/line_source.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// Reads lines from a file or a pipe. Nothing is shown. A byte order mark and carriage
/// returns at line ends are dropped.
class PipedLines final : public LineSource {
 public:
  explicit PipedLines(InputStream& in) : in_(in) {}

  [[nodiscard]] Line read(const std::string& prompt, const StopToken& stop) override;

 private:
  InputStream& in_;
  bool is_first_ = true;
};

}  // namespace rellama::terminal
