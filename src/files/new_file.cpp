#include "files/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>

namespace rellama::files {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxTries = 100;
constexpr mode_t kPermissions = 07777;
constexpr mode_t kOfOwner = 0700;

// Unlike mkstemp(3), this respects the umask.
int create_hidden(const fs::path& directory, fs::path& name) {
  std::random_device random;
  for (int i = 0; i < kMaxTries; ++i) {
    name = directory / (".rellama-" + std::to_string(random()));
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

}  // namespace

NewFile::NewFile(const fs::path& directory) : file_(create_hidden(directory, name_)) {
  if (!file_.is_open()) throw cannot_write(directory, errno);
  struct stat about {};
  if (::fstat(file_.get(), &about) == 0) mode_ = about.st_mode & kPermissions;
  ::fchmod(file_.get(), mode_ & kOfOwner);  // it may replace a file that others cannot read
}

NewFile::~NewFile() {
  if (!in_place_) ::unlink(name_.c_str());
}

void NewFile::write(std::string_view bytes) {
  write_all(file_.get(), bytes, name_.parent_path());
  size_ += bytes.size();
}

bool NewFile::put_in_place(const fs::path& path, Overwrite overwrite) {
  ::fchmod(file_.get(), mode_);
  in_place_ = files::put_in_place(file_.get(), name_, path, overwrite);
  return in_place_;
}

}  // namespace rellama::files
