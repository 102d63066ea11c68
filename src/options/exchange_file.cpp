#include "options/exchange_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"
#include "terminal/visible_text.hpp"

namespace rellama::program {
namespace {

// How every line of a recording begins.
constexpr std::string_view kLineBegin = R"({"recording":)";

Error cannot_record(const std::string& path, std::string why, std::string remedy) {
  return Error(ErrorKind::invalid_input, {.failed = "cannot record to '" + path + "'",
                                          .why = std::move(why),
                                          .remedy = std::move(remedy)});
}

// Keeps others from writing, where the file system can, as long as it exists.
class FileLock {
 public:
  explicit FileLock(int fd) noexcept : fd_(fd) {
    while (::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~FileLock() { ::flock(fd_, LOCK_UN); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_;
};

class ExchangeFile final : public ExchangeRecorder {
 public:
  ExchangeFile(std::string path, const Context& context)
      : path_(std::move(path)), context_(context) {}

  void open() override {
    if (file_) return;
    // O_NONBLOCK: opening a FIFO must not wait for a reader.
    system::FileDescriptor file(::open(
        path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR));
    if (!file.is_open()) {
      throw cannot_record(path_, std::generic_category().message(errno), "choose another file");
    }
    check(file.get());
    file_.emplace(std::move(file));
  }

  void record(std::string_view line) noexcept override {
    if (!file_) return;
    const FileLock lock(file_->get());
    const off_t size = ::lseek(file_->get(), 0, SEEK_END);
    if (write_all(line)) return;
    const int error = errno;
    static_cast<void>(::ftruncate(file_->get(), size) == 0);  // half a line could not be replayed
    file_.reset();
    warn(error);
  }

 private:
  void check(int fd) const {
    struct stat about {};
    if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
      throw cannot_record(path_, "it is not a regular file", "choose another file");
    }
    if (about.st_uid != ::geteuid()) {
      throw cannot_record(path_, "another user owns it and could read it", "choose another file");
    }
    const FileLock lock(fd);
    std::array<char, kLineBegin.size()> begin{};
    const ssize_t count = ::pread(fd, begin.data(), begin.size(), 0);
    const std::string_view text(begin.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    if (!text.empty() && text != kLineBegin) {
      throw cannot_record(path_, "the file exists and is not a recording",
                          "choose another file, or remove it");
    }
    cut_last_line(fd, about.st_size);
  }

  // A process that was killed while it wrote can have left half a line.
  void cut_last_line(int fd, off_t size) const {
    char last = '\n';
    off_t end = size;
    while (end > 0 && ::pread(fd, &last, 1, end - 1) == 1 && last != '\n') --end;
    if (end < size && ::ftruncate(fd, end) != 0) {
      throw cannot_record(path_, "its last line is incomplete", "remove that line");
    }
  }

  [[nodiscard]] bool write_all(std::string_view line) const noexcept {
    while (!line.empty()) {
      const ssize_t written = ::write(file_->get(), line.data(), line.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      line.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  void warn(int error) const noexcept {
    try {
      tell(context_, "rellama: warning: cannot record to '" + terminal::one_line(path_) +
                         "': " + std::generic_category().message(error) +
                         "; the recording is incomplete\n");
    } catch (const std::bad_alloc&) {  // the answer is more important
    }
  }

  const std::string path_;
  const Context& context_;
  std::optional<system::FileDescriptor> file_;
};

}  // namespace

std::shared_ptr<ExchangeRecorder> make_exchange_file(std::string path, const Context& context) {
  return std::make_shared<ExchangeFile>(std::move(path), context);
}

}  // namespace rellama::program
