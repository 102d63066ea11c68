#include "terminal/file_streams.hpp"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "rellama/error.hpp"

namespace rellama::terminal {
namespace {

constexpr std::size_t kReadSize = std::size_t{64} * 1024;
constexpr std::size_t kLargestInput = std::size_t{64} * 1024 * 1024;
constexpr int kUsualColumns = 80;
// How long all writes after a stop may wait, together. A reader that is alive needs less.
constexpr std::chrono::milliseconds kPatienceAfterStop{250};

mode_t type_of(int fd) noexcept {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

Error write_error(int error, const std::string& name) {
  ErrorParts parts{.failed = "cannot write to " + name,
                   .why = std::generic_category().message(error)};
  if (error == EPIPE) return Error(ErrorKind::output_closed, std::move(parts));
  const bool full = error == ENOSPC || error == EDQUOT;
  parts.remedy = full ? "free some space and try again" : "check where it is redirected to";
  return Error(ErrorKind::internal, std::move(parts));
}

std::optional<int> parse_columns(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  int value = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || rest != end || value < 1) return std::nullopt;
  return value;
}

// Waits until `fd` can be read or `stop` is requested. Polls for short times, because neither a
// deadline nor a signal that another thread handles ends a poll.
void wait_for_input(int fd, const StopToken& stop) {
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  while (::poll(&waiting, 1, kStopCheckMilliseconds) <= 0) stop.throw_if_stopped();
}

}  // namespace

FileOutput::FileOutput(int fd, std::string name, const system::Environment& environment)
    : fd_(fd), name_(std::move(name)), columns_variable_(parse_columns(environment("COLUMNS"))) {}

void FileOutput::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write_some(bytes);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (would_block(errno)) {
      wait_for_room();
    } else if (errno == EIO && type_of(fd_) == S_IFCHR) {
      throw stop_error(ErrorKind::hung_up);  // the terminal is gone, and SIGHUP under way
    } else if (errno != EINTR) {
      throw write_error(errno, name_);
    }
  }
}

ssize_t FileOutput::write_some(std::string_view bytes) {
  switch (way_) {
    case Way::plain: break;
    case Way::reopened: return ::write(reopened_->get(), bytes.data(), bytes.size());
    case Way::socket: return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    case Way::pieces: {
      pollfd ready{.fd = fd_, .events = POLLOUT, .revents = 0};
      if (::poll(&ready, 1, 0) == 0) {
        errno = EAGAIN;
        return -1;
      }
      bytes = bytes.substr(0, PIPE_BUF);
    }
  }
  return ::write(fd_, bytes.data(), bytes.size());
}

// Polls for short times, for the reasons that wait_for_input has.
void FileOutput::wait_for_room() {
  pollfd waiting{.fd = fd_, .events = POLLOUT, .revents = 0};
  do give_up_if_stopped();
  while (::poll(&waiting, 1, kStopCheckMilliseconds) <= 0);
}

void FileOutput::give_up_if_stopped() {
  const std::lock_guard lock(mutex_);
  const auto reason = stop_.reason();
  if (!reason) return;
  const auto now = std::chrono::steady_clock::now();
  if (!gives_up_at_) gives_up_at_ = now + kPatienceAfterStop;
  if (now >= *gives_up_at_) throw stop_error(*reason);
}

void FileOutput::stop_waiting_on(const StopToken& stop) {
  if (way_ == Way::plain) choose_way();
  const std::lock_guard lock(mutex_);
  stop_ = stop;
  gives_up_at_.reset();
}

// Other processes that share the descriptor must not notice, so it cannot be made non-blocking. On
// Linux, opening its link in /proc makes a description of our own. That fails if the terminal
// belongs to another user, or the pipe has no reader.
void FileOutput::choose_way() {
  const mode_t type = type_of(fd_);
  if (type == S_IFSOCK) way_ = Way::socket;
  if (type != S_IFIFO && !is_terminal()) return;
  way_ = Way::pieces;
#ifdef __linux__
  const std::string link = "/proc/self/fd/" + std::to_string(fd_);
  reopened_.emplace(::open(link.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (reopened_->is_open()) way_ = Way::reopened;
#endif
}

int FileOutput::reader_descriptor() const noexcept {
  const mode_t type = type_of(fd_);
  return type == S_IFIFO || type == S_IFSOCK ? fd_ : -1;
}

int FileOutput::file_descriptor() const noexcept {
  return type_of(fd_) == S_IFREG ? fd_ : -1;
}

bool FileOutput::is_terminal() const noexcept {
  return ::isatty(fd_) == 1;
}

int FileOutput::columns() const noexcept {
  if (columns_variable_) return *columns_variable_;
  winsize size{};
  if (::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kUsualColumns;
}

int FileOutput::lines() const noexcept {
  winsize size{};
  if (::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_row > 0) return size.ws_row;
  return OutputStream::lines();
}

bool FileInput::is_terminal() const noexcept {
  return ::isatty(fd_) == 1;
}

std::string FileInput::read_all(const StopToken& stop) {
  while (read_some(stop)) {
  }
  return std::exchange(unread_, {});
}

std::optional<std::string> FileInput::read_line(const StopToken& stop) {
  std::size_t searched = 0;
  while (true) {
    if (const auto end = unread_.find('\n', searched); end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    searched = unread_.size();
    if (read_some(stop)) continue;
    if (unread_.empty()) return std::nullopt;
    return std::exchange(unread_, {});
  }
}

// Appends the next bytes that arrive to `unread_`. False at the end.
bool FileInput::read_some(const StopToken& stop) {
  while (true) {
    stop.throw_if_stopped();
    wait_for_input(fd_, stop);
    const std::size_t size = unread_.size();
    unread_.resize(size + kReadSize);
    const ssize_t count = ::read(fd_, unread_.data() + size, kReadSize);
    const int error = errno;
    unread_.resize(size + static_cast<std::size_t>(count > 0 ? count : 0));
    if (count == 0) return false;
    if (count < 0 && error == EBADF) return false;
    if (count < 0 && error != EINTR && !would_block(error)) {
      throw Error(ErrorKind::invalid_input, {.failed = "cannot read " + name_,
                                             .why = std::generic_category().message(error),
                                             .remedy = "check where it is redirected from"});
    }
    if (unread_.size() > kLargestInput) {
      throw Error(ErrorKind::invalid_input, {.failed = name_ + " is too long",
                                             .why = "it is larger than 64 MiB",
                                             .remedy = "send only a part of it"});
    }
    if (count > 0) return true;
  }
}

void reserve_standard_descriptors() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // The wrong access mode on purpose: reading or writing then fails with EBADF, as on a closed
    // descriptor. The lowest free number is the missing one.
    [[maybe_unused]] const int reserved =
        ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace rellama::terminal
