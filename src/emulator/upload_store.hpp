#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/clock.hpp"
#include "emulator/json.hpp"
#include "emulator/time_text.hpp"

namespace rellama::emulator {

/// A file that a client uploaded (docs/protocol.md §4).
struct Upload {
  std::string id;
  std::string name;
  std::string content_type;
  std::string bytes;
  Json metadata = Json::object();
  WallTime created = {};
};

using UploadPtr = std::shared_ptr<const Upload>;

/// Uploaded files, for a day. Thread-safe.
class UploadStore {
 public:
  UploadStore();

  /// Keeps the file under an ID of its own. The oldest files go when all of them would exceed 512
  /// MiB.
  UploadPtr add(Upload upload);
  [[nodiscard]] UploadPtr find(std::string_view id) const;
  /// Newest first.
  [[nodiscard]] std::vector<UploadPtr> list() const;
  /// Returns whether there was such a file.
  bool remove(std::string_view id);

 private:
  mutable std::mutex mutex_;
  std::uint64_t random_;
  std::size_t size_ = 0;
  std::deque<UploadPtr> newest_first_;
};

/// When the file is removed.
[[nodiscard]] WallTime expiry_of(const Upload& upload);

/// Returns the object of docs/protocol.md §4. `origin` is "http://host:port".
[[nodiscard]] Json upload_json(const Upload& upload, const std::string& origin);

/// The secret that download URLs are signed with. Everybody may know it: it protects nothing.
inline constexpr std::string_view kFileSecret = "rellama-demo-files";

/// Returns the `signature` of a download URL that is valid until `expiry`, in Unix time.
[[nodiscard]] std::string download_signature(std::string_view owner, std::string_view id,
                                             std::string_view expiry);

}  // namespace rellama::emulator
