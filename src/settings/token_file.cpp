#include "settings/token_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "rellama/error.hpp"
#include "system/file_descriptor.hpp"
#include "system/private_file.hpp"
#include "system/small_file.hpp"
#include "wire/plain_text.hpp"

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

std::string_view trim_space(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";
  text.remove_prefix(std::min(text.find_first_not_of(kWhiteSpace), text.size()));
  return text.substr(0, text.find_last_not_of(kWhiteSpace) + 1);
}

// Whether a line of a shell script or of an .env file sets a variable. A token may contain '=' too,
// but hardly after nothing but capitals and an underscore.
bool is_assignment(std::string_view name, std::string_view value) {
  const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_';
  });
  const bool is_capital =
      std::none_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c) != 0; });
  const bool is_known = value.starts_with("r8_");
  return is_name && (is_known || (is_capital && name.find('_') != std::string_view::npos));
}

std::string_view without_quotes(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == text.back() &&
                         (text.front() == '"' || text.front() == '\'');
  return is_quoted ? trim_space(text.substr(1, text.size() - 2)) : text;
}

// The token in a text that may be written as it is, in quotes, or as NAME=token, as people have it
// in the files of other programs.
std::string_view find_secret(std::string_view text) {
  if (text.starts_with(wire::byte_order_mark)) text.remove_prefix(wire::byte_order_mark.size());
  text = without_quotes(trim_space(text));
  constexpr std::string_view kExport = "export ";
  if (text.starts_with(kExport)) text = trim_space(text.substr(kExport.size()));
  const auto equals = text.find('=');
  if (equals != std::string_view::npos) {
    const std::string_view value = without_quotes(trim_space(text.substr(equals + 1)));
    if (is_assignment(trim_space(text.substr(0, equals)), value)) return value;
  }
  return without_quotes(text);
}

}  // namespace

std::optional<ApiToken> parse_token(std::string_view text, std::string_view where) {
  const std::string_view secret = find_secret(text);
  if (secret.empty()) return std::nullopt;
  try {
    return ApiToken(secret);
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
  const auto text = system::read_up_to(file.get(), kMaxTokenFileSize);
  if (!text) throw unusable(path, describe_errno(), "");
  auto token = parse_token(std::string_view(*text).substr(0, text->find('\n')), path.string());
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
