#include "system/own_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"
#include "system/small_file.hpp"

namespace rellama::system {
namespace {

namespace fs = std::filesystem;

constexpr off_t kMaxSize = off_t{1} << 20;

Error unusable(const fs::path& path, std::string why, std::string remedy) {
  return Error(ErrorKind::invalid_input, {.failed = "cannot use " + path.string(),
                                          .why = std::move(why),
                                          .remedy = std::move(remedy)});
}

// Checks the open file, not the path, which may name another file by now.
struct stat checked_facts(int fd, const fs::path& path) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) {
    throw unusable(path, std::generic_category().message(errno), "");
  }
  if (!S_ISREG(about.st_mode)) {
    throw unusable(path, "it is not a regular file", "replace it with a text file");
  }
  // It names commands to run and the server that receives the token.
  if (about.st_uid != ::geteuid() && about.st_uid != 0) {
    throw unusable(path, "another user owns it and can change it",
                   "run: chown $(id -u) " + path.string());
  }
  if ((about.st_mode & S_IWOTH) != 0) {
    throw unusable(path, "other users can change it", "run: chmod go-w " + path.string());
  }
  if (about.st_size > kMaxSize) {
    throw unusable(path, "it is larger than 1 MiB", "shorten it");
  }
  return about;
}

}  // namespace

std::optional<OwnText> find_own_text(const fs::path& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw unusable(path, std::generic_category().message(errno), "make it readable");
  }
  const struct stat about = checked_facts(file.get(), path);
  auto text = read_up_to(file.get(), static_cast<std::size_t>(about.st_size));
  if (!text) throw unusable(path, std::generic_category().message(errno), "");
  return OwnText{*std::move(text), (about.st_mode & S_IWGRP) != 0};
}

}  // namespace rellama::system
