#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace rellama::batch {

/// The longest line that is kept: some million tokens, more than any model takes.
inline constexpr std::size_t kLongestLine = std::size_t{4} << 20;

/// A place in a file of lines.
struct LinePlace {
  std::uint64_t offset = 0;
  std::size_t line = 0;  ///< how many lines are before it
};

/// A line of a file, without its line end (LF or CR LF).
struct Line {
  LinePlace place;
  std::string text;
  bool too_long = false;      ///< `text` is only its beginning
  std::uint64_t dropped = 0;  ///< a digest of the rest
  std::size_t quotes = 0;     ///< how many `"` the rest has
};

/// Reads lines from a regular file, at any place, in constant memory. A byte order mark at the
/// beginning is skipped.
class LineReader {
 public:
  /// `fd` must outlive this; its position is not used. `name` is for messages. Throws Error
  /// (invalid_input) for UTF-16.
  LineReader(int fd, std::string name, std::size_t longest = kLongestLine);

  /// Reads the next line. False at the end. Throws Error (invalid_input) if the file cannot be
  /// read.
  bool next(Line& line);

  /// Continues at a place that a line had.
  void seek(const LinePlace& place);

 private:
  void skip_byte_order_mark();
  bool fill();

  int fd_;
  std::string name_;
  std::size_t longest_;
  std::string buffer_;
  std::size_t begin_ = 0;            // of what is unread in buffer_
  std::uint64_t buffer_offset_ = 0;  // of buffer_ in the file
  std::size_t lines_ = 0;
};

}  // namespace rellama::batch
