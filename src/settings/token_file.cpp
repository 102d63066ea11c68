#include "settings/token_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"
#include "system/private_file.hpp"

namespace rellama::settings {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxTokenFileSize = 4096;  // a token has 40 characters

std::string describe_errno() {
  return std::generic_category().message(errno);
}

Error unusable(const fs::path& path, std::string why, std::string remedy) {
  return Error(ErrorKind::unauthorized, {.failed = "cannot use the token file " + path.string(),
                                         .why = std::move(why),
                                         .remedy = std::move(remedy)});
}

Error cannot_store(const fs::path& path, std::string why) {
  return Error(ErrorKind::internal,
               {.failed = "cannot store the token in " + path.string(),
                .why = std::move(why),
                .remedy = "check its permissions, or set REPLICATE_API_TOKEN instead"});
}

// Checks the open file, not the path, which may name another file by now.
void refuse_unsafe(int fd, const fs::path& path) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) throw unusable(path, describe_errno(), "");
  if (!S_ISREG(about.st_mode)) {
    throw unusable(path, "it is not a regular file", "use a file that contains the token");
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw unusable(path, "other users can read or change it", "run: chmod 600 " + path.string());
  }
  if (about.st_size > static_cast<off_t>(kMaxTokenFileSize)) {
    throw unusable(path, "it is too large for a token", "use a file that contains only the token");
  }
}

std::string read_small_file(int fd, const fs::path& path) {
  std::string text(kMaxTokenFileSize, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(fd, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw unusable(path, describe_errno(), "");
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

}  // namespace

std::optional<ApiToken> parse_token(std::string_view text, std::string_view where) {
  constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";
  const std::size_t begin = text.find_first_not_of(kWhiteSpace);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = text.find_last_not_of(kWhiteSpace) + 1;
  try {
    return ApiToken(text.substr(begin, end - begin));
  } catch (const Error& error) {
    throw Error(error.kind(), {.failed = "the API token in " + std::string(where) + " is not valid",
                               .why = error.parts().why,
                               .remedy = error.parts().remedy});
  }
}

std::optional<ApiToken> find_token(const fs::path& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const system::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw unusable(path, describe_errno(), "make it readable");
  }
  refuse_unsafe(file.get(), path);
  const std::string text = read_small_file(file.get(), path);
  auto token = parse_token(std::string_view(text).substr(0, text.find('\n')), path.string());
  if (!token) {
    throw unusable(path, "its first line is empty", "write the token on its first line");
  }
  return token;
}

void write_token(const fs::path& path, const ApiToken& token) {
  try {
    system::write_private_file(path, std::string(token.reveal()) + "\n");
  } catch (const Error& error) {
    throw cannot_store(path, error.parts().why);
  }
}

bool remove_token(const fs::path& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  throw Error(ErrorKind::internal, {.failed = "cannot remove the token file " + path.string(),
                                    .why = describe_errno(),
                                    .remedy = "remove it manually"});
}

}  // namespace rellama::settings
