#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rellama/stop.hpp"

namespace rellama::terminal {

/// What a text is, which decides how characters are shown that a terminal would obey.
enum class TextForm { plain, json };

[[nodiscard]] constexpr TextForm json_if(bool json) noexcept {
  return json ? TextForm::json : TextForm::plain;
}

/// Where bytes go: a stream of the program, or a buffer in a test.
class OutputStream {
 public:
  virtual ~OutputStream() = default;

  /// Writes all of `bytes` before it returns. Throws Error: output_closed if the reader is gone,
  /// the reason of the stop if that comes while the reader takes nothing, internal for any other
  /// failure, such as a full disk.
  /// On a terminal, they control it: only the printers in this room, which have made their text
  /// safe, call this. Everything else calls `print`.
  virtual void write(std::string_view bytes) = 0;
  /// Writes complete text of any origin. On a terminal it cannot control it, nor hide or reorder
  /// text (visible_text.hpp); anywhere else its bytes are written as they are.
  /// `form`: in JSON such characters are escaped, so that it means the same.
  void print(std::string_view text, TextForm form = TextForm::plain);
  /// Whether it is a terminal, where a person reads.
  [[nodiscard]] virtual bool is_terminal() const noexcept = 0;
  /// The number of columns of a line, at least 1.
  [[nodiscard]] virtual int columns() const noexcept = 0;
  /// The number of visible lines, at least 1. The default is that of the first terminals.
  [[nodiscard]] virtual int lines() const noexcept { return 24; }
  /// From now on, `stop` ends writes that wait for the reader. Replaces an earlier one.
  virtual void stop_waiting_on(const StopToken& /*stop*/) {}
  /// The descriptor of a pipe or a socket, which poll(2) can watch for the end of its reader; -1 if
  /// it is anything else.
  [[nodiscard]] virtual int reader_descriptor() const noexcept { return -1; }
  /// The descriptor of a regular file, which can be synced and cut; -1 if it is anything else.
  [[nodiscard]] virtual int file_descriptor() const noexcept { return -1; }
};

/// Where bytes come from.
class InputStream {
 public:
  virtual ~InputStream() = default;

  [[nodiscard]] virtual bool is_terminal() const noexcept = 0;
  /// Reads to the end. A closed stream reads as empty. Throws Error: the reason of `stop` if that
  /// comes first, invalid_input if there is more than 64 MiB or reading fails.
  [[nodiscard]] virtual std::string read_all(const StopToken& stop) = 0;
  /// Reads a line without its line end, as soon as it is complete; nothing at the end of the
  /// stream. Throws as `read_all` does.
  [[nodiscard]] virtual std::optional<std::string> read_line(const StopToken& stop) = 0;
};

/// The three streams passed to a command.
struct Streams {
  InputStream& in;
  OutputStream& out;
  OutputStream& err;
};

}  // namespace rellama::terminal
