#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::wire {

/// One item of a server-sent event stream. The views are valid until the next call of the parser
/// that returned it.
struct SseItem {
  enum class Kind { event, comment };
  Kind kind = Kind::event;
  std::string_view type;  ///< of an event; empty if it has none
  std::string_view data;  ///< of an event: its `data` lines, joined by LF; or the comment
  std::string_view id;    ///< the `id` field of this event; empty if it has none
};

/// Parses a stream of server-sent events, however its bytes are split:
///
///     stream  = [BOM] *event
///     event   = *(comment / field) end-of-line
///     comment = ":" *any-char end-of-line
///     field   = name [":" [SP] value] end-of-line      ; exactly one space is stripped
///     end-of-line = CRLF / LF / CR
///
/// This follows the WHATWG HTML standard, section 9.2, with two additions for Replicate's streams
/// (docs/protocol.md §5): it also returns an event that has a type but no data, with empty data,
/// and it returns comments, because `: 408` explains why a stream went silent. An incomplete event
/// at the end of the stream is dropped, as the standard requires.
class SseParser {
 public:
  /// `max_event_bytes` limits the size of an event and of a line, and so the memory that a hostile
  /// stream can take.
  explicit SseParser(std::size_t max_event_bytes = std::size_t{16} << 20);

  /// Sets the next bytes to parse. They must stay valid until `next` returns nullopt.
  void feed(std::string_view bytes);

  /// Returns the next item, or nullopt if the bytes fed so far do not complete one. Throws Error
  /// (server) if a line or an event is longer than allowed.
  std::optional<SseItem> next();

 private:
  // The value of a field: a view of the fed bytes, until they become invalid or a second line is
  // appended; then a view of `own`.
  struct Field {
    std::string_view text;
    std::string own;
    void copy();
    void append_line(std::string_view line);
  };

  bool take_line(std::string_view& line);
  void skip_lf();
  void finish_line(std::string_view& line);
  std::size_t find_line_end() noexcept;
  void take_field(std::string_view line);
  void clear_event() noexcept;
  void copy_event();
  void check_size(std::size_t size) const;
  [[noreturn]] void throw_too_long() const;

  std::size_t max_event_bytes_;

  std::string_view fed_;      // the bytes of the last feed
  std::size_t at_ = 0;        // the first byte of fed_ that has not been read
  std::size_t next_cr_ = 0;   // where the next CR is, or the end: most streams have none
  std::string partial_line_;  // the incomplete line at the end of the earlier feeds
  std::string line_;          // the current line, if it began in an earlier feed
  bool skip_lf_ = false;      // the last line ended in CR: an LF right after belongs to it
  bool first_line_ = true;    // it may begin with a BOM

  Field type_;
  Field data_;
  Field id_;
  bool has_type_ = false;
  bool has_data_ = false;
  bool event_returned_ = false;  // the last item was this event: clear it before the next one
};

}  // namespace rellama::wire
