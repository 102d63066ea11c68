#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::wire {

/// One thing a server-sent event stream says. The views are valid until the next call of the parser
/// that gave it.
struct SseItem {
  enum class Kind { event, comment };
  Kind kind = Kind::event;
  std::string_view type;  ///< of an event; empty where the stream named none
  std::string_view data;  ///< of an event, its `data` lines joined by LF; or the comment
  std::string_view id;    ///< the id given with this very event; empty where there was none
};

/// Reads a stream of server-sent events, whatever way its bytes are cut:
///
///     stream  = [BOM] *event
///     event   = *(comment / field) end-of-line
///     comment = ":" *any-char end-of-line
///     field   = name [":" [SP] value] end-of-line      ; exactly one space is stripped
///     end-of-line = CRLF / LF / CR
///
/// after the WHATWG HTML standard, section 9.2, with two additions for Replicate's streams
/// (docs/protocol.md §5): an event that has a type but no data is given too, with empty data, and
/// comments are given, since `: 408` says why a stream went quiet. An event that the end of the
/// stream cuts short is dropped, as the standard asks.
class SseParser {
 public:
  /// `max_event_bytes` bounds one event and one line: what a hostile stream can make us hold.
  explicit SseParser(std::size_t max_event_bytes = std::size_t{16} << 20);

  /// Takes the next bytes, which must stay where they are until `next` has given nothing more.
  void feed(std::string_view bytes);

  /// The next item, if the bytes fed so far complete one. Throws Error (server) for a line or an
  /// event that is longer than allowed.
  std::optional<SseItem> next();

 private:
  // A field's value: a view of the bytes that were fed, until those go away or a second line comes.
  struct Field {
    std::string_view text;
    std::string own;
    void keep();
    void append_line(std::string_view line);
  };

  bool take_line(std::string_view& line);
  void skip_lf();
  void finish_line(std::string_view& line);
  std::size_t find_line_end() noexcept;
  void take_field(std::string_view line);
  void forget_event() noexcept;
  void keep_event();
  void check_size(std::size_t size) const;
  [[noreturn]] void refuse_size() const;

  std::size_t max_event_bytes_;

  std::string_view fed_;     // the bytes of the last feed
  std::size_t at_ = 0;       // the first byte of fed_ that has not been read
  std::size_t next_cr_ = 0;  // where the next CR is, or the end: most streams have none
  std::string carry_;        // a line that is not complete yet
  std::string line_;         // the current line, where it began in an earlier feed
  bool skip_lf_ = false;     // the last line ended in CR: an LF right behind belongs to it
  bool first_line_ = true;   // a BOM may stand before it

  Field type_;
  Field data_;
  Field id_;
  bool has_type_ = false;
  bool has_data_ = false;
  bool event_given_ = false;  // the last item was this event: forget it before going on
};

}  // namespace rellama::wire
