#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rellama::emulator {

/// What a picture shows follows from this alone.
struct Picture {
  std::uint64_t seed = 0;
  std::int64_t side = 64;  ///< pixels
};

/// The picture as a PNG file of about three bytes a pixel.
[[nodiscard]] std::string paint(const Picture& picture);

/// A PNG file as its own URL, in base64.
[[nodiscard]] std::string data_url(std::string_view png);

}  // namespace rellama::emulator
