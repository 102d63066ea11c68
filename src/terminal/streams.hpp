#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rellama/stop.hpp"

namespace rellama::terminal {

/// Where bytes go: the program's own streams, or buffers in tests.
class OutputStream {
 public:
  virtual ~OutputStream() = default;

  /// Writes all of `bytes` before it returns. Throws Error: output_closed if the reader went away,
  /// internal for any other failure, such as a full disk.
  virtual void write(std::string_view bytes) = 0;
  /// Whether a person is looking.
  [[nodiscard]] virtual bool is_terminal() const noexcept = 0;
  /// How many columns a line has; at least 1.
  [[nodiscard]] virtual int columns() const noexcept = 0;
  /// How many lines can be seen at a time; at least 1. What does not say has as many as the first
  /// terminals.
  [[nodiscard]] virtual int lines() const noexcept { return 24; }
};

/// Where bytes come from.
class InputStream {
 public:
  virtual ~InputStream() = default;

  [[nodiscard]] virtual bool is_terminal() const noexcept = 0;
  /// Reads to the end; a stream that is not open reads as empty. Throws Error: the reason of `stop`
  /// if that comes first, invalid_input for more than 64 MiB or what cannot be read.
  [[nodiscard]] virtual std::string read_all(const StopToken& stop) = 0;
  /// Reads a line, without its end, as soon as it is there; nothing at the end of the stream.
  /// Throws as `read_all` does.
  [[nodiscard]] virtual std::optional<std::string> read_line(const StopToken& stop) = 0;
};

/// The three streams a command is handed.
struct Streams {
  InputStream& in;
  OutputStream& out;
  OutputStream& err;
};

}  // namespace rellama::terminal
