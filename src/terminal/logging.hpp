#pragma once

#include <filesystem>
#include <optional>

#include "rellama/client.hpp"
#include "terminal/streams.hpp"

namespace rellama::terminal {

/// How much of the log is shown on stderr.
enum class Verbosity {
  none,
  info,   ///< -v
  debug,  ///< -vv
};

/// What to log, and where.
struct LogOptions {
  Verbosity verbosity = Verbosity::none;
  std::optional<std::filesystem::path> file = {};  ///< everything is appended to it
  StopToken stop = {};  ///< ends waiting for the reader of a file that is a FIFO
};

/// Returns a function that writes log lines, each at once and as one line. It is empty if nothing
/// is to be logged. A log file is created with mode 0600. Logging never stops the job: if a line
/// cannot be written, that is reported once on `err`, which must outlive the function. Throws Error
/// (invalid_input) if the log file cannot be opened.
[[nodiscard]] LogFunction make_log(const LogOptions& options, OutputStream& err);

}  // namespace rellama::terminal
