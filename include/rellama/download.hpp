#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rellama {

/// What a server says of a file before its bytes.
struct FileHead {
  std::string content_type;  ///< in lower case, without parameters; empty where it is not said
  /// What tells this state of the file from any other: a strong `ETag`, or else `Last-Modified`.
  /// Empty: a download that breaks can only begin again.
  std::string validator;
  std::optional<std::uint64_t> size;  ///< of the whole file
  std::uint64_t offset = 0;           ///< where in the file the bytes stand that follow
};

/// Takes a file that is downloaded, on the thread that does so. What it throws ends the download
/// and goes on to the caller.
class FileSink {
 public:
  virtual ~FileSink() = default;

  /// The bytes that follow stand at `head.offset`: behind what has been taken, or at 0, and then
  /// whatever has been taken before is void. Called before the first byte, and again after each
  /// interruption.
  virtual void begin(const FileHead& head) = 0;
  virtual void write(std::string_view bytes) = 0;
};

/// How to download a file.
struct DownloadOptions {
  std::uint64_t max_bytes = std::uint64_t{1} << 30;  ///< a longer file is an Error (incomplete)
  /// How much of the file is there already, from a download before, and the validator it had then.
  std::uint64_t offset = 0;
  std::string validator = {};
};

}  // namespace rellama
