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

/// What `path` is called as long as only a part of it is there: PATH.part, PATH.part-2 …, shortened
/// where the file system would take no longer name.
[[nodiscard]] std::filesystem::path part_path(const std::filesystem::path& path,
                                              std::size_t number);

/// A file while it is downloaded, `PATH.part`. Beside it, in `PATH.part.validator`, stand its URL
/// and the validator that the server gave it: if the download ends early, both stay, and the next
/// one of the same URL to the same path goes on where it stopped.
class PartFile final : public FileSink {
 public:
  /// Takes up what a download of `url` to `path` has left, if it is ours and nobody else writes to
  /// it, or else begins anew, under the first of the names PATH.part, PATH.part-2 … that is free.
  /// Throws Error (internal).
  PartFile(const std::filesystem::path& path, const std::string& url);
  ~PartFile() override;
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void begin(const FileHead& head) override;
  void write(std::string_view bytes) override;

  /// What the server said last.
  [[nodiscard]] const FileHead& head() const noexcept { return head_; }
  /// How many bytes there are.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// The validator they belong to; empty: none is known.
  [[nodiscard]] const std::string& validator() const noexcept { return validator_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return name_; }
  /// Whether it stays when this object goes: there are bytes that a later download can use.
  [[nodiscard]] bool can_go_on() const noexcept { return size_ > 0 && !validator_.empty(); }

  /// Gives it its name, see NewFile::put_in_place.
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
