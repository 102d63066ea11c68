#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "files/placement.hpp"
#include "system/file_descriptor.hpp"
#include "terminal/streams.hpp"

namespace rellama::files {

/// A file that has no name of its own until it is whole, and goes away if it never is. Its mode is
/// what the umask leaves, or that of the file it overwrites; until then it is its owner's alone.
class NewFile final : public terminal::OutputStream {
 public:
  /// Creates it in `directory`, hidden. Throws Error (internal).
  explicit NewFile(const std::filesystem::path& directory);
  ~NewFile() override;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::string_view bytes) override;
  [[nodiscard]] bool is_terminal() const noexcept override { return false; }
  [[nodiscard]] int columns() const noexcept override { return 80; }

  /// How many bytes were written.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// Gives it its name, which must be in the same directory. False if there is something of that
  /// name that must not be overwritten. Throws Error (internal).
  [[nodiscard]] bool put_in_place(const std::filesystem::path& path, Overwrite overwrite);

 private:
  std::filesystem::path name_;
  system::FileDescriptor file_;
  mode_t mode_ = 0;  // once it is in place
  std::uint64_t size_ = 0;
  bool in_place_ = false;
};

}  // namespace rellama::files
