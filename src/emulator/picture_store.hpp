#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "emulator/picture.hpp"
#include "emulator/prediction.hpp"

namespace rellama::emulator {

/// The pictures that can be downloaded. Thread-safe.
class PictureStore {
 public:
  PictureStore();

  /// Adds a picture, which is removed after `retention`, like the output it belongs to. Returns a
  /// key that cannot be guessed: knowing the URL is the permission to download.
  std::string add(const Picture& picture, Clock::duration retention);

  [[nodiscard]] std::optional<Picture> find(std::string_view key) const;

 private:
  struct Kept {
    Picture picture;
    Clock::time_point removed_at;
  };

  mutable std::mutex mutex_;
  std::uint64_t random_;
  std::deque<std::string> oldest_first_;
  std::unordered_map<std::string, Kept> by_key_;
};

}  // namespace rellama::emulator
