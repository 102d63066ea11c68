// A data: URL decodes to no more than it has, and what it says of its type has no parameters. The
// input is the URL.

#include "wire/data_url.hpp"

#include <cstdint>
#include <string_view>

#include "fuzz/fuzz.hpp"
#include "wire/file_url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama;
  const fuzz::Bytes url(std::string_view(reinterpret_cast<const char*>(data), size));
  const auto parsed = wire::parse_data_url(url.view());
  if (!parsed) return 0;
  fuzz::require(wire::is_data_url(url.view()), "what was decoded is a data: URL");
  fuzz::require(parsed->bytes.size() < size, "decoding makes it shorter");
  fuzz::require(!parsed->media_type.empty(), "there is always a type");
  fuzz::require(parsed->media_type.find(';') == std::string::npos, "without parameters");
  return 0;
}
