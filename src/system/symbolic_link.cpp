#include "system/symbolic_link.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "rellama/error.hpp"

namespace rellama::system {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as in Linux

Error cannot_follow(const fs::path& path, std::string why) {
  return Error(ErrorKind::invalid_input, {.failed = "cannot write " + path.string(),
                                          .why = std::move(why),
                                          .remedy = "name the file that it leads to"});
}

}  // namespace

fs::path follow_links(const fs::path& path) {
  fs::path at = path;
  for (int links = 0; links < kMostLinks; ++links) {
    struct stat about {};
    if (::lstat(at.c_str(), &about) != 0) return at;
    if (!S_ISLNK(about.st_mode)) {
      // A rename would put a file in the place of a device.
      if (links == 0 || S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)) return at;
      throw cannot_follow(path, "it leads to " + at.string() + ", which is not a regular file");
    }
    if (about.st_uid != ::geteuid() && about.st_uid != 0) {
      throw cannot_follow(path, at.string() + " is another user's symbolic link");
    }
    std::error_code error;
    const fs::path target = fs::read_symlink(at, error);
    if (error) throw cannot_follow(path, error.message());
    at = at.parent_path() / target;  // an absolute target replaces the directory
  }
  throw cannot_follow(path, std::generic_category().message(ELOOP));
}

}  // namespace rellama::system
