#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "batch/output.hpp"
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

Error was_changed(const std::string& name, std::string why) {
  return Error(ErrorKind::invalid_input,
               {.failed = "cannot continue " + name,
                .why = std::move(why),
                .remedy = "put it back as the batch left it, or start again"});
}

// One result after another, each added as a whole.
class FileTarget final : public ResultOutput {
 public:
  FileTarget(FileDescriptor file, std::string name, std::uint64_t end)
      : file_(std::move(file)), name_(std::move(name)), settled_end_(end), end_(end) {}

  void add(std::size_t row, std::string_view /*id*/, std::string_view result) override {
    written_.push_back({.row = row, .offset = end_ + added_.size(), .size = result.size()});
    added_ += result;
  }

  void flush() override {
    if (added_.empty()) return;
    std::string_view bytes = added_;
    std::uint64_t at = end_;
    while (!bytes.empty()) {
      const ssize_t count =
          ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        const int error = errno;
        // A full disk leaves no part of a result.
        [[maybe_unused]] const int cut = ::ftruncate(file_.get(), static_cast<off_t>(end_));
        throw files::cannot_write(name_, error);
      }
      bytes.remove_prefix(static_cast<std::size_t>(count));
      at += static_cast<std::uint64_t>(count);
    }
    end_ = at;
    added_.clear();
    ::lseek(file_.get(), static_cast<off_t>(end_), SEEK_SET);  // for who shares standard output
  }

  std::vector<Segment> settle() override {
    if (written_.empty()) return {};
    if (::fsync(file_.get()) != 0 && errno != EINVAL) throw files::cannot_write(name_, errno);
    settled_end_ = end_;
    return std::exchange(written_, {});
  }

  [[nodiscard]] std::uint64_t end() const noexcept override { return settled_end_; }

 private:
  FileDescriptor file_;
  std::string name_;
  std::uint64_t settled_end_;
  std::uint64_t end_;
  std::string added_;
  std::vector<Segment> written_;  // or added, and not settled
};

OutputFile open_at(FileDescriptor file, const std::string& name, const struct stat& about,
                   std::uint64_t end) {
  if (::ftruncate(file.get(), static_cast<off_t>(end)) != 0) throw files::cannot_write(name, errno);
  return {.output = std::make_unique<FileTarget>(std::move(file), name, end),
          .place = {.file = identify(about), .end = end}};
}

bool ends_with_line(int fd, std::uint64_t end) {
  char last = 0;
  return end == 0 || (::pread(fd, &last, 1, static_cast<off_t>(end) - 1) == 1 && last == '\n');
}

void copy(int fd, const Segment& segment, files::NewFile& to, const fs::path& path) {
  std::string buffer(kCopied, '\0');
  std::uint64_t at = segment.offset;
  const std::uint64_t end = segment.offset + segment.size;
  while (at < end) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kCopied, end - at));
    const ssize_t count = ::pread(fd, buffer.data(), wanted, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw was_changed(path.string(), "results are missing from it");
    to.write(std::string_view(buffer).substr(0, static_cast<std::size_t>(count)));
    at += static_cast<std::uint64_t>(count);
  }
}

}  // namespace

OutputFile open_output_file(const fs::path& path, const OutputPlace& settled) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!file.is_open()) throw files::cannot_write(path, errno);
  const struct stat about = about_file(file.get(), path.string());
  if (!S_ISREG(about.st_mode)) throw was_changed(path.string(), "it is not a regular file");
  if (settled.file.empty()) return open_at(std::move(file), path.string(), about, 0);
  const bool is_short = static_cast<std::uint64_t>(about.st_size) < settled.end;
  if (is_short || !ends_with_line(file.get(), settled.end)) {
    throw was_changed(path.string(), "results are missing from it");
  }
  return open_at(std::move(file), path.string(), about, settled.end);
}

OutputFile continue_output_file(int fd, const std::string& name, const OutputPlace& settled) {
  FileDescriptor file(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!file.is_open()) throw files::cannot_write(name, errno);
  const struct stat about = about_file(file.get(), name);
  const auto size = static_cast<std::uint64_t>(about.st_size);
  const bool is_same = settled.file == identify(about) && settled.end <= size;
  return open_at(std::move(file), name, about, is_same ? settled.end : size);
}

void rewrite_output_file(const fs::path& path, std::vector<Segment> segments, Journal& journal) {
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
  journal.note("rewrite", "");
  journal.commit();
}

}  // namespace rellama::batch
