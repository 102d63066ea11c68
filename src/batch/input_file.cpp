#include "batch/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include "files/placement.hpp"
#include "rellama/error.hpp"

namespace rellama::batch {
namespace {

namespace fs = std::filesystem;
using system::FileDescriptor;

constexpr std::size_t kCopyBlock = std::size_t{64} * 1024;

Error cannot_read(const std::string& name, int error) {
  return Error(ErrorKind::invalid_input,
               {.failed = "cannot read " + name, .why = std::generic_category().message(error)});
}

}  // namespace

std::optional<InputFile> open_regular_input(const fs::path& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) throw cannot_read(path.string(), errno);
  if (S_ISDIR(about.st_mode)) throw cannot_read(path.string(), EISDIR);
  if (!S_ISREG(about.st_mode)) return std::nullopt;
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) throw cannot_read(path.string(), errno);
  return InputFile{std::move(file), path.string()};
}

FileDescriptor open_pipe_input(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) throw cannot_read(path.string(), errno);
  ::fcntl(file.get(), F_SETFL, 0);  // poll(2) waits for a writer
  return file;
}

InputCopy::~InputCopy() {
  if (!new_name_.empty()) ::unlink(new_name_.c_str());
}

FileDescriptor InputCopy::create() {
  if (path_.empty()) {
    std::string name = (fs::temp_directory_path() / "rellama-XXXXXX").string();
    FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
    if (!file.is_open()) throw files::cannot_write(name, errno);
    ::unlink(name.c_str());
    return file;
  }
  std::error_code ignored;
  if (path_.has_parent_path() && fs::create_directories(path_.parent_path(), ignored)) {
    fs::permissions(path_.parent_path(), fs::perms::owner_all, ignored);
  }
  std::string name = path_.string() + ".XXXXXX";
  FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file.is_open()) throw files::cannot_write(name, errno);
  new_name_ = std::move(name);
  return file;
}

InputFile InputCopy::write(const std::string& name,
                           const std::function<std::optional<std::string>()>& next_line) {
  FileDescriptor copy = create();
  std::string block;
  while (auto line = next_line()) {
    block += *line + "\n";
    if (block.size() < kCopyBlock) continue;
    files::write_all(copy.get(), block, path_);
    block.clear();
  }
  files::write_all(copy.get(), block, path_);
  return {std::move(copy), name};
}

std::optional<InputFile> InputCopy::find(const std::string& name) const {
  FileDescriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return std::nullopt;
  return InputFile{std::move(file), name};
}

void InputCopy::keep() {
  if (new_name_.empty()) return;
  if (::rename(new_name_.c_str(), path_.c_str()) != 0) throw files::cannot_write(path_, errno);
  new_name_.clear();
}

}  // namespace rellama::batch
