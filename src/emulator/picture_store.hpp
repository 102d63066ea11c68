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

/// The pictures there are to fetch. Thread-safe.
class PictureStore {
 public:
  PictureStore();

  /// A picture that is removed after some time, as the output it belongs to is; gives the key that
  /// leads to it. Nobody can guess it: the address is the permission.
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
