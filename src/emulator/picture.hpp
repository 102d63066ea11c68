#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rellama::emulator {

/// All that determines a picture.
struct Picture {
  std::uint64_t seed = 0;
  std::int64_t side = 64;  ///< pixels
};

/// Returns the picture as a PNG file of about three bytes per pixel.
[[nodiscard]] std::string paint(const Picture& picture);

/// Returns a PNG file as a data: URL in base64.
[[nodiscard]] std::string data_url(std::string_view png);

}  // namespace rellama::emulator
