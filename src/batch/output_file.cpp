#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "batch/output.hpp"
#include "batch/output_tail.hpp"
#include "files/new_file.hpp"
#include "files/placement.hpp"
#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"

namespace rellama::batch {
namespace {

namespace fs = std::filesystem;
using system::FileDescriptor;

constexpr std::size_t kCopied = std::size_t{64} * 1024;

struct stat about_file(int fd, const std::string& name) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) throw files::cannot_write(name, errno);
  return about;
}

std::string identify(const struct stat& about) {
  return std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
}

std::uint64_t size_of(int fd, const std::string& name) {
  return static_cast<std::uint64_t>(about_file(fd, name).st_size);
}

bool has_settled(int fd, const OutputPlace& settled) {
  return settled.check.empty() || settled.check == digest_before(fd, settled.end);
}

// One result after another, each added as a whole.
class FileTarget final : public ResultOutput {
 public:
  /// `first`: what is written before the first result.
  FileTarget(FileDescriptor file, std::string name, std::uint64_t end, std::string first)
      : file_(std::move(file)),
        name_(std::move(name)),
        appends_((::fcntl(file_.get(), F_GETFL) & O_APPEND) != 0),
        settled_end_(end),
        end_(end),
        added_(std::move(first)) {}

  void add(std::size_t row, std::string_view /*id*/, std::string_view result) override {
    written_.push_back({.row = row, .offset = end_ + added_.size(), .size = result.size()});
    added_ += result;
  }

  void flush() override {
    if (added_.empty()) return;
    if (appends_) move_to(size_of(file_.get(), name_));  // others may have appended something
    std::string_view bytes = added_;
    std::uint64_t at = end_;
    while (!bytes.empty()) {
      const ssize_t count =
          ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        const int error = errno;
        // A full disk leaves no part of a result.
        if (at > end_ && size_of(file_.get(), name_) == at) {
          [[maybe_unused]] const int cut = ::ftruncate(file_.get(), static_cast<off_t>(end_));
        }
        throw files::cannot_write(name_, error);
      }
      bytes.remove_prefix(static_cast<std::size_t>(count));
      at += static_cast<std::uint64_t>(count);
    }
    end_ = at;
    flushed_ = written_.size();
    added_.clear();
    ::lseek(file_.get(), static_cast<off_t>(end_), SEEK_SET);  // for who shares standard output
  }

  std::vector<Segment> settle() override {
    if (written_.empty()) return {};
    if (::fsync(file_.get()) != 0 && errno != EINVAL) throw files::cannot_write(name_, errno);
    settled_end_ = end_;
    flushed_ = 0;
    return std::exchange(written_, {});
  }

  [[nodiscard]] std::uint64_t end() const noexcept override { return settled_end_; }
  [[nodiscard]] std::string check() const override {
    return digest_before(file_.get(), settled_end_);
  }

 private:
  void move_to(std::uint64_t end) {
    for (std::size_t i = flushed_; i < written_.size(); ++i) {
      written_[i].offset = written_[i].offset - end_ + end;
    }
    end_ = end;
  }

  FileDescriptor file_;
  std::string name_;
  const bool appends_;
  std::uint64_t settled_end_;
  std::uint64_t end_;
  std::string added_;
  std::vector<Segment> written_;  // or added, and not settled
  std::size_t flushed_ = 0;       // of written_
};

OutputFile open_at(FileDescriptor file, const std::string& name, const struct stat& about,
                   Tail tail) {
  const auto size = static_cast<std::uint64_t>(about.st_size);
  if (tail.end < size && ::ftruncate(file.get(), static_cast<off_t>(tail.end)) != 0) {
    throw files::cannot_write(name, errno);
  }
  std::string first = tail.foreign && !ends_with_line(file.get(), tail.end) ? "\n" : "";
  return {.output = std::make_unique<FileTarget>(std::move(file), name, tail.end, std::move(first)),
          .place = {.file = identify(about), .end = tail.end},
          .found = std::move(tail.found)};
}

void copy(int fd, const Segment& segment, files::NewFile& to, const fs::path& path) {
  std::string buffer(kCopied, '\0');
  std::uint64_t at = segment.offset;
  const std::uint64_t end = segment.offset + segment.size;
  while (at < end) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kCopied, end - at));
    const ssize_t count = ::pread(fd, buffer.data(), wanted, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw output_was_changed(path.string(), "results are missing from it");
    to.write(std::string_view(buffer).substr(0, static_cast<std::size_t>(count)));
    at += static_cast<std::uint64_t>(count);
  }
}

}  // namespace

std::string identify_file(const fs::path& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? identify(about) : std::string();
}

std::string identify_file(int fd) {
  struct stat about {};
  return ::fstat(fd, &about) == 0 ? identify(about) : std::string();
}

std::uint64_t size_of_file(int fd) {
  struct stat about {};
  return ::fstat(fd, &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

Error output_was_changed(const std::string& name, std::string why) {
  return Error(ErrorKind::invalid_input,
               {.failed = "cannot continue " + name,
                .why = std::move(why),
                .remedy = "put it back as the batch left it, or start again"});
}

OutputFile open_output_file(const fs::path& path, const OutputPlace& settled,
                            const std::vector<Unsettled>& unsettled) {
  const bool is_begun = !settled.file.empty() && settled.end > 0;
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | (is_begun ? 0 : O_CREAT), 0666));
  if (!file.is_open() && errno == ENOENT && is_begun) {
    throw output_was_changed(path.string(), "it is gone");
  }
  if (!file.is_open()) throw files::cannot_write(path, errno);
  const struct stat about = about_file(file.get(), path.string());
  if (!S_ISREG(about.st_mode)) throw output_was_changed(path.string(), "it is not a regular file");
  if (settled.file.empty()) return open_at(std::move(file), path.string(), about, {});
  const auto size = static_cast<std::uint64_t>(about.st_size);
  if (size < settled.end || !ends_with_line(file.get(), settled.end)) {
    throw output_was_changed(path.string(), "results are missing from it");
  }
  if (!has_settled(file.get(), settled)) {
    throw output_was_changed(path.string(), "it is another file");
  }
  Tail tail = read_tail(file.get(), settled.end, size, unsettled);
  // A copy of the file will do.
  if (tail.foreign && settled.file != identify(about)) {
    throw output_was_changed(path.string(), "it is another file");
  }
  return open_at(std::move(file), path.string(), about, std::move(tail));
}

OutputFile continue_output_file(int fd, const std::string& name, const OutputPlace& settled,
                                const std::vector<Unsettled>& unsettled) {
  FileDescriptor file(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!file.is_open()) throw files::cannot_write(name, errno);
  const struct stat about = about_file(file.get(), name);
  const auto size = static_cast<std::uint64_t>(about.st_size);
  if (settled.file == identify(about) && settled.end <= size && has_settled(file.get(), settled)) {
    Tail tail = read_tail(file.get(), settled.end, size, unsettled);
    return open_at(std::move(file), name, about, std::move(tail));
  }
  OutputFile opened = open_at(std::move(file), name, about, {.end = size});
  opened.lacks_settled = settled.end > 0;
  return opened;
}

void rewrite_output_file(const fs::path& name, std::vector<Segment> segments, Journal& journal) {
  std::error_code ignored;
  const fs::path target = fs::canonical(name, ignored);  // a link stays one
  const fs::path path = target.empty() ? name : target;
  const FileDescriptor old(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!old.is_open()) throw files::cannot_write(path, errno);
  files::NewFile file(path.has_parent_path() ? path.parent_path() : fs::path("."));
  for (Segment& segment : segments) {
    copy(old.get(), segment, file, path);
    segment.offset = file.size() - segment.size;
  }
  (void)file.put_in_place(path, files::Overwrite::yes);
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) throw files::cannot_write(path, errno);
  journal.record_written(segments);
  journal.note("output_file", identify(about));
  journal.note("output_end", std::to_string(file.size()));
  const FileDescriptor placed(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  journal.note("output_check", placed.is_open() ? digest_before(placed.get(), file.size()) : "");
  journal.note("rewrite", "");
  journal.commit();
}

}  // namespace rellama::batch
