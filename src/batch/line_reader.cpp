#include "batch/line_reader.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "batch/digest.hpp"
#include "rellama/error.hpp"

namespace rellama::batch {
namespace {

constexpr std::size_t kBlock = std::size_t{64} * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

LineReader::LineReader(int fd, std::string name, std::size_t longest)
    : fd_(fd), name_(std::move(name)), longest_(longest) {
  skip_byte_order_mark();
}

void LineReader::skip_byte_order_mark() {
  if (!fill()) return;
  const std::string_view start = buffer_;
  if (start.starts_with("\xFE\xFF") || start.starts_with("\xFF\xFE")) {
    throw Error(ErrorKind::invalid_input, {.failed = "cannot read " + name_,
                                           .why = "it is UTF-16",
                                           .remedy = "convert it with: iconv -f UTF-16 -t UTF-8"});
  }
  if (start.starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
}

void LineReader::seek(const LinePlace& place) {
  buffer_.clear();
  begin_ = 0;
  buffer_offset_ = place.offset;
  lines_ = place.line;
}

bool LineReader::next(Line& line) {
  line.place = {.offset = buffer_offset_ + begin_, .line = lines_};
  line.text.clear();
  line.too_long = false;
  line.quotes = 0;
  Digest dropped;
  bool any = false;
  while (begin_ < buffer_.size() || fill()) {
    any = true;
    const char* start = buffer_.data() + begin_;
    const std::size_t left = buffer_.size() - begin_;
    const auto* end = static_cast<const char*>(std::memchr(start, '\n', left));
    const std::string_view piece(start,
                                 end != nullptr ? static_cast<std::size_t>(end - start) : left);
    const std::size_t room = std::min(longest_ - line.text.size(), piece.size());
    line.text += piece.substr(0, room);
    if (room < piece.size()) {
      line.too_long = true;
      const std::string_view rest = piece.substr(room);
      dropped.add(rest);
      line.quotes += static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '"'));
    }
    begin_ += piece.size() + (end != nullptr ? 1 : 0);
    if (end != nullptr) break;
  }
  if (!any) return false;
  ++lines_;
  if (line.text.ends_with('\r')) line.text.pop_back();
  line.dropped = dropped.value();
  return true;
}

bool LineReader::fill() {
  buffer_offset_ += buffer_.size();
  begin_ = 0;
  buffer_.resize(kBlock);
  ssize_t count = 0;
  do count = ::pread(fd_, buffer_.data(), kBlock, static_cast<off_t>(buffer_offset_));
  while (count < 0 && errno == EINTR);
  if (count < 0) {
    throw Error(ErrorKind::invalid_input,
                {.failed = "cannot read " + name_, .why = std::generic_category().message(errno)});
  }
  buffer_.resize(static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace rellama::batch
