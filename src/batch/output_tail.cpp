#include "batch/output_tail.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>

#include "batch/digest.hpp"
#include "system/file_descriptor.hpp"

namespace rellama::batch {
namespace {

using system::FileDescriptor;

// So much of what others have appended may be among the results.
constexpr std::uint64_t kMostForeign = std::uint64_t{1} << 20;

constexpr std::uint64_t kDigested = 4096;

FileDescriptor open_to_read(int fd) {
  const bool can_read = (::fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR;
  if (can_read) return FileDescriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  return FileDescriptor(::open(("/dev/fd/" + std::to_string(fd)).c_str(), O_RDONLY | O_CLOEXEC));
}

std::string read_bytes(int written, std::uint64_t from, std::uint64_t size) {
  const FileDescriptor file = open_to_read(written);
  const int fd = file.get();
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t count =
        ::pread(fd, bytes.data() + have, bytes.size() - have, static_cast<off_t>(from + have));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return bytes;
}

// After a power failure, zeros may stand for what was not on the disk yet.
std::string_view without_zeros(std::string_view text) {
  const auto last = text.find_last_not_of('\0');
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

bool ends_with_line(int fd, std::uint64_t end) {
  return end == 0 || read_bytes(fd, end - 1, 1) == "\n";
}

std::string digest_before(int fd, std::uint64_t end) {
  const std::uint64_t size = std::min(end, kDigested);
  return std::to_string(Digest().add(read_bytes(fd, end - size, size)).value());
}

Tail read_tail(int fd, std::uint64_t settled_end, std::uint64_t size,
               const std::vector<Unsettled>& unsettled) {
  std::vector<const Unsettled*> left;
  std::uint64_t most = kMostForeign;
  for (const Unsettled& one : unsettled) {
    if (!one.result.empty()) left.push_back(&one);
    most += one.result.size();
  }
  const std::string bytes = read_bytes(fd, settled_end, std::min(most, size - settled_end));
  const bool has_all = settled_end + bytes.size() == size;
  std::string_view rest = bytes;
  Tail tail{.end = size, .foreign = !has_all};
  while (!rest.empty()) {
    const std::uint64_t at = settled_end + (bytes.size() - rest.size());
    const auto whole = std::find_if(left.begin(), left.end(), [rest](const Unsettled* one) {
      return rest.starts_with(one->result);
    });
    if (whole != left.end()) {
      const std::string& result = (*whole)->result;
      tail.found.push_back({.row = (*whole)->row, .offset = at, .size = result.size()});
      rest.remove_prefix(result.size());
      left.erase(whole);
      continue;
    }
    const std::string_view part = without_zeros(rest);
    const bool is_part = std::any_of(left.begin(), left.end(), [part](const Unsettled* one) {
      return std::string_view(one->result).starts_with(part);
    });
    if (has_all && is_part) {
      tail.end = at;
      break;
    }
    tail.foreign = true;
    const auto line = rest.find('\n');
    rest.remove_prefix(line == std::string_view::npos ? rest.size() : line + 1);
  }
  return tail;
}

}  // namespace rellama::batch
