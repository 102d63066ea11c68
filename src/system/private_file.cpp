#include "system/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"
#include "system/symbolic_link.hpp"

namespace rellama::system {
namespace {

namespace fs = std::filesystem;

Error cannot_write(const fs::path& path, int error) {
  std::string remedy = "check the disk";
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOENT:
    case ENOTDIR:
      remedy = "make " + path.parent_path().string() +
               " a directory you can write to, or set HOME or the XDG variables to another place";
      break;
    case ENOSPC:
    case EDQUOT: remedy = "free some space"; break;
    default: break;
  }
  return Error(ErrorKind::internal, {.failed = "cannot write " + path.string(),
                                     .why = std::generic_category().message(error),
                                     .remedy = std::move(remedy)});
}

void create_private_directories(const fs::path& directory) {
  if (directory.empty() || fs::is_directory(directory)) return;
  create_private_directories(directory.parent_path());
  if (::mkdir(directory.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    throw cannot_write(directory, errno);
  }
}

// A new file beside `path` that replaces it once complete, and is removed if it never is.
class Replacement {
 public:
  explicit Replacement(const fs::path& path)
      : path_(path), name_(path.string() + ".XXXXXX"), file_(::mkostemp(name_.data(), O_CLOEXEC)) {
    if (!file_.is_open()) throw cannot_write(path_, errno);
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() {
    if (!in_place_) ::unlink(name_.c_str());
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(file_.get(), text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw cannot_write(path_, errno);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void put_in_place() {
    // Without fsync a crash could leave an empty file under the final name.
    if (::fsync(file_.get()) != 0 || ::rename(name_.c_str(), path_.c_str()) != 0) {
      throw cannot_write(path_, errno);
    }
    in_place_ = true;
  }

 private:
  fs::path path_;
  std::string name_;
  FileDescriptor file_;
  bool in_place_ = false;
};

}  // namespace

void write_private_file(const fs::path& path, std::string_view text) {
  const fs::path target = follow_links(path);
  create_private_directories(target.parent_path());
  Replacement file(target);
  file.write(text);
  file.put_in_place();
}

}  // namespace rellama::system
