#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "files/placement.hpp"
#include "rellama/download.hpp"
#include "system/file_descriptor.hpp"

namespace rellama::files {

/// The name of `path` while it is incomplete: PATH.part, PATH.part-2, and so on, shortened to what
/// file systems accept.
[[nodiscard]] std::filesystem::path part_path(const std::filesystem::path& path,
                                              std::size_t number);

/// A file that is being downloaded, `PATH.part`. Beside it, `PATH.part.validator` holds its URL and
/// the validator from the server. If the download ends early, both stay, and the next download of
/// the same URL to the same path resumes.
class PartFile final : public FileSink {
 public:
  /// Resumes what an earlier download of `url` to `path` left, if it is ours and no other process
  /// writes to it. Otherwise starts over under the first free name of PATH.part, PATH.part-2, and
  /// so on. Throws Error (internal).
  PartFile(const std::filesystem::path& path, const std::string& url);
  ~PartFile() override;
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void begin(const FileHead& head) override;
  void write(std::string_view bytes) override;

  /// What the server sent last.
  [[nodiscard]] const FileHead& head() const noexcept { return head_; }
  /// The number of bytes so far.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// The validator of these bytes; empty if unknown.
  [[nodiscard]] const std::string& validator() const noexcept { return validator_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return name_; }
  /// Whether a later download can resume. If not, the destructor removes the file.
  [[nodiscard]] bool can_resume() const noexcept { return size_ > 0 && !validator_.empty(); }

  /// Gives the file its name; see NewFile::put_in_place.
  [[nodiscard]] bool put_in_place(const std::filesystem::path& path, Overwrite overwrite);

 private:
  bool open_existing();
  bool create();
  [[nodiscard]] std::filesystem::path validator_path() const;
  [[nodiscard]] std::optional<std::string> read_validator() const;
  void write_validator() const;

  const std::string& url_;
  std::filesystem::path name_;
  std::optional<system::FileDescriptor> file_;
  FileHead head_;
  std::string validator_;
  std::uint64_t size_ = 0;
  bool in_place_ = false;
};

}  // namespace rellama::files
