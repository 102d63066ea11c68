#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "files/placement.hpp"
#include "system/file_descriptor.hpp"
#include "terminal/streams.hpp"

namespace rellama::files {

/// A file that gets its name when it is complete, and is removed if it never is: even if the
/// process is killed, where the file system has files without a name. Elsewhere the next run in the
/// directory removes it. Until it has its name, only its owner can access it; then its mode follows
/// the umask, or the file it overwrites.
class NewFile final : public terminal::OutputStream {
 public:
  /// Creates a file in `directory`. Throws Error (internal).
  explicit NewFile(const std::filesystem::path& directory);
  ~NewFile() override;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::string_view bytes) override;
  [[nodiscard]] bool is_terminal() const noexcept override { return false; }
  [[nodiscard]] int columns() const noexcept override { return 80; }

  /// The number of bytes written.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// Gives the file its name, in the same directory. False if the name is taken and must not be
  /// overwritten. Throws Error (internal).
  [[nodiscard]] bool put_in_place(const std::filesystem::path& path, Overwrite overwrite);

 private:
  [[nodiscard]] bool link(const std::filesystem::path& path);
  void give_hidden_name();

  const std::filesystem::path directory_;
  std::filesystem::path name_;  // while it is hidden; empty if it has none
  system::FileDescriptor file_;
  mode_t mode_ = 0;  // once it is in place
  std::uint64_t size_ = 0;
  bool in_place_ = false;
};

}  // namespace rellama::files
