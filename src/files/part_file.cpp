#include "files/part_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace rellama::files {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxNames = 100;

// Names can have 255 bytes. The suffixes need some of them.
constexpr std::size_t kMaxStem = 220;

constexpr std::size_t kMaxValidatorFile = 16 * 1024;

// Anything but our own regular file could make us write where we should not.
std::optional<std::uint64_t> size_of_own_file(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

fs::path part_path(const fs::path& path, std::size_t number) {
  std::string name = path.filename().string().substr(0, kMaxStem) + ".part";
  if (number > 1) name += "-" + std::to_string(number);
  return path.parent_path() / name;
}

PartFile::PartFile(const fs::path& path, const std::string& url) : url_(url) {
  for (std::size_t number = 1; number <= kMaxNames; ++number) {
    name_ = part_path(path, number);
    if (open_existing() || create()) return;
  }
  throw cannot_write(name_, EEXIST);
}

PartFile::~PartFile() {
  if (in_place_ || can_resume()) return;
  ::unlink(name_.c_str());
  ::unlink(validator_path().c_str());
}

bool PartFile::open_existing() {
  file_.emplace(::open(name_.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  const auto size = file_->is_open() ? size_of_own_file(file_->get()) : std::nullopt;
  if (!size || ::flock(file_->get(), LOCK_EX | LOCK_NB) != 0) return false;
  const auto validator = read_validator();
  if (!validator) return false;
  validator_ = *validator;
  size_ = *size;
  return true;
}

bool PartFile::create() {
  file_.emplace(::open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (file_->is_open()) return ::flock(file_->get(), LOCK_EX | LOCK_NB) == 0;
  if (errno != EEXIST) throw cannot_write(name_, errno);
  return false;
}

fs::path PartFile::validator_path() const {
  return name_.string() + ".validator";
}

std::optional<std::string> PartFile::read_validator() const {
  const system::FileDescriptor file(
      ::open(validator_path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open() || !size_of_own_file(file.get())) return std::nullopt;
  std::string text(kMaxValidatorFile, '\0');
  const ssize_t count = ::read(file.get(), text.data(), text.size());
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  const std::string begin = url_ + "\n";
  if (!text.starts_with(begin)) return std::nullopt;
  const std::string validator = text.substr(begin.size());
  if (validator.size() < 2 || !validator.ends_with('\n')) return std::nullopt;
  return validator.substr(0, validator.size() - 1);
}

void PartFile::write_validator() const {
  const system::FileDescriptor file(::open(
      validator_path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) throw cannot_write(validator_path(), errno);
  write_all(file.get(), url_ + "\n" + validator_ + "\n", validator_path());
}

// Removes the old validator before the old bytes, and writes the new one before the new bytes:
// whenever we are killed, a validator belongs to the bytes beside it.
void PartFile::begin(const FileHead& head) {
  head_ = head;
  if (head.offset == 0) {
    ::unlink(validator_path().c_str());
    validator_ = head.validator;
    size_ = 0;
  }
  const auto offset = static_cast<off_t>(head.offset);
  if (::ftruncate(file_->get(), offset) != 0 || ::lseek(file_->get(), offset, SEEK_SET) < 0) {
    throw cannot_write(name_, errno);
  }
  if (head.offset == 0 && !validator_.empty()) write_validator();
}

void PartFile::write(std::string_view bytes) {
  write_all(file_->get(), bytes, name_);
  size_ += bytes.size();
}

bool PartFile::put_in_place(const fs::path& path, Overwrite overwrite) {
  in_place_ = files::put_in_place(file_->get(), name_, path, overwrite);
  if (in_place_) ::unlink(validator_path().c_str());
  return in_place_;
}

}  // namespace rellama::files
