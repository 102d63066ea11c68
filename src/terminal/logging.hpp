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

/// What is logged, and where to.
struct LogOptions {
  Verbosity verbosity = Verbosity::none;
  std::optional<std::filesystem::path> file = {};  ///< gets everything, appended
};

/// The function that takes the log lines: each is written at once and as one line. Empty if nothing
/// is to be logged. A log file is created with mode 0600. Logging never stops the job: if a line
/// cannot be written, `err` is told so once. `err` must outlive the function. Throws Error
/// (invalid_input) if the log file cannot be opened.
[[nodiscard]] LogFunction make_log(const LogOptions& options, OutputStream& err);

}  // namespace rellama::terminal
