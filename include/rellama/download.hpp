#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rellama {

/// What a server says about a file before sending its bytes.
struct FileHead {
  std::string content_type;  ///< lower case, without parameters; empty if the server sent none
  /// Identifies this revision of the file: a strong `ETag`, or else `Last-Modified`. If empty, a
  /// broken download cannot resume and starts over.
  std::string validator;
  std::optional<std::uint64_t> size;  ///< of the whole file, in bytes
  std::uint64_t offset = 0;           ///< offset in the file of the next byte
};

/// Receives a downloaded file, on the thread that downloads it. An exception thrown by a sink ends
/// the download and reaches the caller.
class FileSink {
 public:
  virtual ~FileSink() = default;

  /// The next bytes belong at `head.offset`: either at the end of what was received so far, or at
  /// 0, in which case everything received before must be discarded. Called before the first byte
  /// and again after each interruption.
  virtual void begin(const FileHead& head) = 0;
  virtual void write(std::string_view bytes) = 0;
};

/// How to download a file.
struct DownloadOptions {
  std::uint64_t max_bytes = std::uint64_t{1} << 30;  ///< a larger file throws Error (incomplete)
  /// To resume an earlier download: how many bytes it saved, and the validator it got.
  std::uint64_t offset = 0;
  std::string validator = {};
};

}  // namespace rellama
