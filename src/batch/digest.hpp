#pragma once

#include <cstdint>
#include <string_view>

namespace rellama::batch {

/// A digest of 64 bits (FNV-1a, mixed at the end). It tells a row that was edited from one that was
/// not, and spreads rows over shards. It need not resist forgery.
class Digest {
 public:
  /// Adds bytes. Where they are split does not matter.
  Digest& add(std::string_view bytes) noexcept {
    for (const char c : bytes) {
      state_ ^= static_cast<unsigned char>(c);
      state_ *= 0x100000001b3U;
    }
    return *this;
  }

  [[nodiscard]] std::uint64_t value() const noexcept {
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 33U)) * 0xff51afd7ed558ccdU;
    mixed = (mixed ^ (mixed >> 33U)) * 0xc4ceb9fe1a85ec53U;
    return mixed ^ (mixed >> 33U);
  }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325U;
};

}  // namespace rellama::batch
