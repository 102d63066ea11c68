#include "web/key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"
#include "system/private_file.hpp"
#include "system/random.hpp"
#include "system/small_file.hpp"

namespace rellama::web {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShortest = 16;
constexpr std::size_t kLongest = 256;
constexpr std::size_t kRandomBytes = 20;

Error unusable(const fs::path& path, std::string why, std::string remedy) {
  return Error(ErrorKind::invalid_input, {.failed = "cannot use the key in " + path.string(),
                                          .why = std::move(why),
                                          .remedy = std::move(remedy)});
}

std::string describe_error(int error) {
  return std::generic_category().message(error);
}

// Checks the open file, not the path, which may name another file by now.
void refuse_unsafe(int fd, const fs::path& path) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) throw unusable(path, describe_error(errno), "");
  if (!S_ISREG(about.st_mode)) {
    throw unusable(path, "it is not a regular file", "use a file that contains the key");
  }
  if (about.st_uid != ::geteuid())
    throw unusable(path, "another user owns it", "use your own file");
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw unusable(path, "other users can read or change it", "run: chmod 600 " + path.string());
  }
}

std::string first_line_of(int fd, const fs::path& path) {
  auto text = system::read_up_to(fd, kLongest + 2);
  if (!text) throw unusable(path, describe_error(errno), "");
  text->resize(std::min(text->size(), text->find_first_of("\r\n")));
  return *std::move(text);
}

// The file appears under its name complete, and only if there is none: link(2) does not replace.
// Returns false if there is one.
bool create_key_file(const fs::path& path, const std::string& key) {
  const fs::path draft = path.string() + "." + system::random_hex(4);
  system::write_private_file(draft, key + "\n");
  const int failed = ::link(draft.c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(draft.c_str());
  if (failed == 0 || failed == EEXIST) return failed == 0;
  throw Error(ErrorKind::internal, {.failed = "cannot write " + path.string(),
                                    .why = describe_error(failed),
                                    .remedy = "check the permissions and the free space"});
}

}  // namespace

bool is_usable_key(std::string_view key) noexcept {
  // What RFC 6265 allows in a cookie.
  const auto fits = [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\';
  };
  return key.size() >= kShortest && key.size() <= kLongest &&
         std::all_of(key.begin(), key.end(), fits);
}

std::string read_key(const fs::path& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const system::FileDescriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (!file.is_open()) {
    const bool is_link = errno == ELOOP;
    throw unusable(path, is_link ? "it is a symbolic link" : describe_error(errno),
                   is_link ? "name the file itself" : "make it readable, or use another file");
  }
  refuse_unsafe(file.get(), path);
  std::string key = first_line_of(file.get(), path);
  if (!is_usable_key(key)) {
    throw unusable(path, "a key has 16 to 256 letters, digits and signs, without blanks and \",;\\",
                   "write one, for instance with: openssl rand -hex 20");
  }
  return key;
}

std::string keep_key(const fs::path& path, NewKey new_key) {
  struct stat about {};
  const bool exists = ::lstat(path.c_str(), &about) == 0;
  if (exists && S_ISLNK(about.st_mode)) {
    throw unusable(path, "it is a symbolic link", "remove it");
  }
  if (new_key == NewKey::always && exists) {
    std::string key = system::random_hex(kRandomBytes);
    system::write_private_file(path, key + "\n");
    return key;
  }
  if (!exists) {
    std::string key = system::random_hex(kRandomBytes);
    if (create_key_file(path, key)) return key;
  }
  return read_key(path);
}

bool same_secret(std::string_view given, std::string_view secret) noexcept {
  unsigned char difference = given.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char other = secret.empty() ? '\0' : secret[i % secret.size()];
    difference = static_cast<unsigned char>(difference | (given[i] ^ other));
  }
  return difference == 0;
}

}  // namespace rellama::web
