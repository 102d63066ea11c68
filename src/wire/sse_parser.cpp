#include "wire/sse_parser.hpp"

#include <algorithm>
#include <cstring>

#include "rellama/error.hpp"
#include "wire/counted.hpp"

namespace rellama::wire {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

// The value of `line`, after the colon and one space, if it is the field `name`.
template <std::size_t Size>
std::optional<std::string_view> find_value(std::string_view line, const char (&name)[Size]) {
  constexpr std::size_t kLength = Size - 1;
  if (line.size() < kLength || std::memcmp(line.data(), name, kLength) != 0) return std::nullopt;
  line.remove_prefix(kLength);
  if (line.empty()) return line;
  if (line.front() != ':') return std::nullopt;
  line.remove_prefix(1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

}  // namespace

SseParser::SseParser(std::size_t max_event_bytes) : max_event_bytes_(max_event_bytes) {}

void SseParser::Field::copy() {
  if (text.data() != own.data()) own = text;
  text = own;
}

void SseParser::Field::append_line(std::string_view line) {
  copy();
  own += '\n';
  own += line;
  text = own;
}

void SseParser::feed(std::string_view bytes) {
  fed_ = bytes;
  at_ = 0;
  next_cr_ = std::min(fed_.find('\r'), fed_.size());
  if (skip_lf_ && !fed_.empty()) {
    if (fed_.front() == '\n') at_ = 1;
    skip_lf_ = false;
  }
}

std::optional<SseItem> SseParser::next() {
  if (event_returned_) clear_event();
  std::string_view line;
  while (take_line(line)) {
    if (line.empty()) {
      if (has_type_ || has_data_) {
        event_returned_ = true;
        return SseItem{SseItem::Kind::event, type_.text, data_.text, id_.text};
      }
      clear_event();
    } else if (line.front() == ':') {
      return SseItem{SseItem::Kind::comment, {}, line.substr(1), {}};
    } else {
      take_field(line);
    }
  }
  copy_event();
  return std::nullopt;
}

bool SseParser::take_line(std::string_view& line) {
  const std::size_t end = find_line_end();
  if (end == fed_.size()) {
    partial_line_ += fed_.substr(at_);
    at_ = end;
    check_size(partial_line_.size());
    return false;
  }
  line = std::string_view(fed_.data() + at_, end - at_);
  at_ = end + 1;
  if (fed_[end] == '\r') skip_lf();
  if (first_line_ || !partial_line_.empty()) finish_line(line);
  check_size(line.size());
  return true;
}

// An LF after a CR belongs to the same line ending.
void SseParser::skip_lf() {
  if (at_ == fed_.size()) {
    skip_lf_ = true;
  } else if (fed_[at_] == '\n') {
    ++at_;
  }
}

// Prepends the part of the line that was fed earlier, and removes a BOM.
void SseParser::finish_line(std::string_view& line) {
  if (!partial_line_.empty()) {
    partial_line_ += line;
    line_.swap(partial_line_);
    partial_line_.clear();
    line = line_;
  }
  check_size(line.size());  // including the BOM, as for an incomplete line
  if (first_line_ && line.starts_with(kBom)) line.remove_prefix(kBom.size());
  first_line_ = false;
}

// Remembers the next CR, so that each byte is searched for one only once, even if there is none.
std::size_t SseParser::find_line_end() noexcept {
  const auto find = [this](char end) {
    const void* found =
        at_ == fed_.size() ? nullptr : std::memchr(fed_.data() + at_, end, fed_.size() - at_);
    return found == nullptr
               ? fed_.size()
               : static_cast<std::size_t>(static_cast<const char*>(found) - fed_.data());
  };
  if (next_cr_ < at_) next_cr_ = find('\r');
  return std::min(find('\n'), next_cr_);
}

void SseParser::take_field(std::string_view line) {
  if (const auto data = find_value(line, "data")) {
    if (has_data_) {
      data_.append_line(*data);
      check_size(data_.text.size());
    } else {
      data_.text = *data;
    }
    has_data_ = true;
  } else if (const auto type = find_value(line, "event")) {
    has_type_ = true;
    type_.text = *type;
  } else if (const auto id = find_value(line, "id"); id && id->find('\0') == id->npos) {
    id_.text = *id;
  }
  // `retry` and unknown fields are ignored.
}

void SseParser::clear_event() noexcept {
  type_.text = {};
  data_.text = {};
  id_.text = {};
  has_type_ = false;
  has_data_ = false;
  event_returned_ = false;
}

// The caller may free the fed bytes, so copies the fields of an incomplete event.
void SseParser::copy_event() {
  type_.copy();
  data_.copy();
  id_.copy();
}

void SseParser::check_size(std::size_t size) const {
  if (size > max_event_bytes_) throw_too_long();
}

void SseParser::throw_too_long() const {
  throw Error(ErrorKind::server,
              {.failed = "cannot read the event stream",
               .why = "one event is longer than " + counted(max_event_bytes_, "byte")});
}

}  // namespace rellama::wire
