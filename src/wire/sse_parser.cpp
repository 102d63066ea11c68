#include "wire/sse_parser.hpp"

#include <algorithm>
#include <cstring>

#include "rellama/error.hpp"

namespace rellama::wire {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

}  // namespace

SseParser::SseParser(std::size_t max_event_bytes) : max_event_bytes_(max_event_bytes) {}

void SseParser::feed(std::string_view bytes) {
  fed_ = bytes;
  at_ = 0;
  next_lf_ = 0;
  next_cr_ = 0;
  if (skip_lf_ && !fed_.empty()) {
    if (fed_.front() == '\n') at_ = 1;
    skip_lf_ = false;
  }
  // 0 means "not searched yet", which is also right for an end that stands at 0.
}

std::optional<SseItem> SseParser::next() {
  if (event_given_) forget_event();
  while (const auto line = next_line()) {
    if (line->empty()) {
      if (has_type_ || has_data_) {
        event_given_ = true;
        return SseItem{SseItem::Kind::event, type_, data_, id_};
      }
      forget_event();
    } else if (line->front() == ':') {
      return SseItem{SseItem::Kind::comment, {}, line->substr(1), {}};
    } else {
      take_field(*line);
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> SseParser::next_line() {
  const std::size_t end = std::min(find_line_end('\n', next_lf_), find_line_end('\r', next_cr_));
  if (end == fed_.size()) {
    carry_ += fed_.substr(at_);
    at_ = end;
    check_size(carry_.size());
    return std::nullopt;
  }
  std::string_view line = fed_.substr(at_, end - at_);
  at_ = end + 1;
  if (fed_[end] == '\r') {
    if (at_ == fed_.size()) {
      skip_lf_ = true;
    } else if (fed_[at_] == '\n') {
      ++at_;
    }
  }
  if (!carry_.empty()) {
    carry_ += line;
    line_.swap(carry_);
    carry_.clear();
    line = line_;
  }
  check_size(line.size());  // with the BOM, as where the line is not complete yet
  if (first_line_) {
    first_line_ = false;
    if (line.starts_with(kBom)) line.remove_prefix(kBom.size());
  }
  return line;
}

std::size_t SseParser::find_line_end(char end, std::size_t& cached) const {
  if (cached < at_ || cached == 0) {
    const void* found =
        at_ == fed_.size() ? nullptr : std::memchr(fed_.data() + at_, end, fed_.size() - at_);
    cached = found == nullptr
                 ? fed_.size()
                 : static_cast<std::size_t>(static_cast<const char*>(found) - fed_.data());
  }
  return cached;
}

void SseParser::take_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value;
  if (colon != std::string_view::npos) {
    value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
  }
  if (name == "data") {
    if (has_data_) data_ += '\n';
    has_data_ = true;
    data_ += value;
    check_size(data_.size());
  } else if (name == "event") {
    has_type_ = true;
    type_ = value;
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    id_ = value;
  }
  // `retry` and fields that are not known mean nothing here.
}

void SseParser::forget_event() {
  type_.clear();
  data_.clear();
  id_.clear();
  has_type_ = false;
  has_data_ = false;
  event_given_ = false;
}

void SseParser::check_size(std::size_t size) const {
  if (size > max_event_bytes_) {
    throw Error(ErrorKind::server,
                {.failed = "the event stream cannot be read",
                 .why = "one event is longer than " + std::to_string(max_event_bytes_) + " bytes"});
  }
}

}  // namespace rellama::wire
