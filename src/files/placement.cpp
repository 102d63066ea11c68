#include "files/placement.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "system/file_descriptor.hpp"

namespace rellama::files {
namespace {

namespace fs = std::filesystem;

void rename_over(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw cannot_write(to, errno);
}

// For file systems without hard links: an empty file reserves the name. False if it is taken.
bool reserve_and_rename(const fs::path& from, const fs::path& to) {
  const system::FileDescriptor reserved(
      ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!reserved.is_open() && errno == EEXIST) return false;
  if (!reserved.is_open()) throw cannot_write(to, errno);
  rename_over(from, to);
  return true;
}

// link(2) is the only portable call that names a file only if the name is free.
bool rename_if_free(const fs::path& from, const fs::path& to) {
  if (::link(from.c_str(), to.c_str()) == 0) {
    ::unlink(from.c_str());
    return true;
  }
  switch (errno) {
    case EEXIST: return false;
    case EPERM:
    case EOPNOTSUPP:
    case ENOSYS:
    case EMLINK: return reserve_and_rename(from, to);
    default: throw cannot_write(to, errno);
  }
}

// A file that replaces another stays accessible to the same users. It is not trusted like the
// other: setuid and setgid would run what a model wrote as somebody else.
void take_permissions(int fd, const fs::path& other) {
  constexpr mode_t kPlacedPermissions = 0777;
  struct stat about {};
  if (::lstat(other.c_str(), &about) == 0 && S_ISREG(about.st_mode)) {
    ::fchmod(fd, about.st_mode & kPlacedPermissions);
  }
}

}  // namespace

void sync(int fd, const fs::path& path) {
  if (::fsync(fd) != 0) throw cannot_write(path, errno);
}

void sync_directory(const fs::path& file) {
  const fs::path directory = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const system::FileDescriptor opened(
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.is_open()) ::fsync(opened.get());
}

bool put_in_place(int fd, const fs::path& from, const fs::path& to, Overwrite overwrite) {
  sync(fd, from);
  if (overwrite == Overwrite::yes) {
    take_permissions(fd, to);
    rename_over(from, to);
  } else if (!rename_if_free(from, to)) {
    return false;
  }
  sync_directory(to);
  return true;
}

void write_all(int fd, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw cannot_write(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

Error cannot_write(const fs::path& path, int error) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return {ErrorKind::internal,
          {.failed = "cannot write " + path.string(),
           .why = std::generic_category().message(error),
           .remedy =
               full ? "free some space and try again" : "check the permissions of the directory"}};
}

}  // namespace rellama::files
