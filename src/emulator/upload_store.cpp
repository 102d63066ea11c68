#include "emulator/upload_store.hpp"

#include <algorithm>
#include <random>

#include "emulator/base64.hpp"
#include "emulator/digest.hpp"
#include "emulator/hash.hpp"

namespace rellama::emulator {
namespace {

constexpr std::size_t kMostBytes = 512U * 1024 * 1024;
// docs/protocol.md §4.
constexpr std::chrono::hours kKept(24);

WallTime now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

bool has_expired(const UploadPtr& upload) {
  return expiry_of(*upload) <= now();
}

}  // namespace

UploadStore::UploadStore() : random_(std::uint64_t{std::random_device()()} << 32U) {
  random_ += static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
}

UploadPtr UploadStore::add(Upload upload) {
  const std::lock_guard lock(mutex_);
  random_ = mix(random_);
  upload.id = hex_of(random_) + hex_of(mix(~random_));
  upload.created = now();
  size_ += upload.bytes.size();
  newest_first_.push_front(std::make_shared<const Upload>(std::move(upload)));
  while (newest_first_.size() > 1 && (size_ > kMostBytes || has_expired(newest_first_.back()))) {
    size_ -= newest_first_.back()->bytes.size();
    newest_first_.pop_back();
  }
  return newest_first_.front();
}

UploadPtr UploadStore::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(
      newest_first_, id, [](const UploadPtr& upload) -> std::string_view { return upload->id; });
  return found == newest_first_.end() || has_expired(*found) ? nullptr : *found;
}

std::vector<UploadPtr> UploadStore::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<UploadPtr> uploads(newest_first_.begin(), newest_first_.end());
  std::erase_if(uploads, has_expired);
  return uploads;
}

bool UploadStore::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(
      newest_first_, id, [](const UploadPtr& upload) -> std::string_view { return upload->id; });
  if (found == newest_first_.end()) return false;
  size_ -= (*found)->bytes.size();
  newest_first_.erase(found);
  return true;
}

WallTime expiry_of(const Upload& upload) {
  return upload.created + kKept;
}

Json upload_json(const Upload& upload, const std::string& origin) {
  return {{"id", upload.id},
          {"name", upload.name},
          {"content_type", upload.content_type},
          {"size", upload.bytes.size()},
          {"checksums", {{"sha256", sha256_hex(upload.bytes)}}},
          {"metadata", upload.metadata},
          {"created_at", time_text(upload.created)},
          {"expires_at", time_text(expiry_of(upload))},
          {"urls", {{"get", origin + "/v1/files/" + upload.id}}}};
}

std::string download_signature(std::string_view owner, std::string_view id,
                               std::string_view expiry) {
  const std::string text = std::string(owner).append(" ").append(id).append(" ").append(expiry);
  return base64(hmac_sha256(kFileSecret, text));
}

}  // namespace rellama::emulator
