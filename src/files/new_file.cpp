#include "files/new_file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <random>
#include <string>

namespace rellama::files {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxTries = 100;
constexpr mode_t kPermissions = 0777;
constexpr mode_t kOfOwner = 0700;
constexpr std::string_view kHiddenPrefix = ".rellama-";

fs::path hidden_name(const fs::path& directory) {
  std::random_device random;
  return directory / (std::string(kHiddenPrefix) + std::to_string(random()));
}

// A process holds a lock on its hidden file. An unlocked one was left by a process that was killed.
void remove_if_abandoned(const fs::path& name) {
  const system::FileDescriptor file(
      ::open(name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat about {};
  const bool is_ours = file.is_open() && ::fstat(file.get(), &about) == 0 &&
                       S_ISREG(about.st_mode) && about.st_uid == ::geteuid();
  if (is_ours && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(name.c_str());
}

void remove_abandoned(const fs::path& directory) {
  const std::unique_ptr<DIR, int (*)(DIR*)> opened(::opendir(directory.c_str()), ::closedir);
  if (!opened) return;
  while (const dirent* entry = ::readdir(opened.get())) {
    const std::string_view name = entry->d_name;
    const std::string_view number = name.substr(std::min(name.size(), kHiddenPrefix.size()));
    if (!name.starts_with(kHiddenPrefix) || number.empty()) continue;
    if (number.find_first_not_of("0123456789") != std::string_view::npos) continue;
    remove_if_abandoned(directory / name);
  }
}

#ifdef O_TMPFILE
std::string link_to(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

// A file without a name is gone when its process is, however that ends. Returns -1 where the file
// system has none, or where it could not be given a name later.
int create_without_name(const fs::path& directory) {
  const int fd = ::open(directory.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
  if (fd < 0 || ::access(link_to(fd).c_str(), F_OK) == 0) return fd;
  ::close(fd);
  return -1;
}
#endif

// Whether the file still has its name: another process may have taken it for abandoned before it
// was locked.
bool lock_named(int fd) {
  struct stat about {};
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0 && ::fstat(fd, &about) == 0 && about.st_nlink > 0;
}

// Unlike mkstemp(3), this respects the umask.
int create_hidden(const fs::path& directory, fs::path& name) {
#ifdef O_TMPFILE
  if (const int fd = create_without_name(directory); fd >= 0) return fd;
#endif
  remove_abandoned(directory);
  for (int i = 0; i < kMaxTries; ++i) {
    name = hidden_name(directory);
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) return fd;
    if (fd >= 0 && lock_named(fd)) return fd;
    if (fd >= 0) ::close(fd);
  }
  errno = EEXIST;
  return -1;
}

}  // namespace

NewFile::NewFile(const fs::path& directory)
    : directory_(directory), file_(create_hidden(directory, name_)) {
  if (!file_.is_open()) throw cannot_write(directory, errno);
  struct stat about {};
  if (::fstat(file_.get(), &about) == 0) mode_ = about.st_mode & kPermissions;
  ::fchmod(file_.get(), mode_ & kOfOwner);  // it may replace a file that others cannot read
}

NewFile::~NewFile() {
  if (!in_place_ && !name_.empty()) ::unlink(name_.c_str());
}

void NewFile::write(std::string_view bytes) {
  write_all(file_.get(), bytes, directory_);
  size_ += bytes.size();
}

// Names the file without overwriting another. False if `path` is taken.
bool NewFile::link(const fs::path& path) {
#ifdef O_TMPFILE
  if (::linkat(AT_FDCWD, link_to(file_.get()).c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) ==
      0) {
    return true;
  }
  if (errno != EEXIST) throw cannot_write(path, errno);
#endif
  return false;
}

bool NewFile::put_in_place(const fs::path& path, Overwrite overwrite) {
  ::fchmod(file_.get(), mode_);
  if (name_.empty() && overwrite == Overwrite::no) {
    sync(file_.get(), path);
    in_place_ = link(path);
    if (in_place_) sync_directory(path);
    return in_place_;
  }
  if (name_.empty()) give_hidden_name();
  in_place_ = files::put_in_place(file_.get(), name_, path, overwrite);
  return in_place_;
}

// Only rename(2) can overwrite, and it needs a name.
void NewFile::give_hidden_name() {
  remove_abandoned(directory_);
  ::flock(file_.get(), LOCK_EX | LOCK_NB);
  fs::path name;
  do name = hidden_name(directory_);
  while (!link(name));
  name_ = name;
}

}  // namespace rellama::files
