// A reference to a model is refused with an Error or survives being written and read again, and its
// parts stay within the segment of a URL that they are put into. The input is the reference.

#include "rellama/model_ref.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/fuzz.hpp"
#include "rellama/error.hpp"

namespace rellama::fuzz {
namespace {

void check_segment(std::string_view text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  require(!text.empty() && text != "." && text != "..", "a part is a segment of a path");
  require(text.find_first_not_of(kUnreserved) == std::string_view::npos, "a part needs no escape");
}

void check_parts(const ModelRef& ref) {
  if (const auto* name = std::get_if<ModelName>(&ref)) {
    check_segment(name->owner);
    check_segment(name->name);
  } else if (const auto* deployment = std::get_if<Deployment>(&ref)) {
    check_segment(deployment->owner);
    check_segment(deployment->name);
  } else {
    const auto& version = std::get<ModelVersion>(ref);
    check_segment(version.id);
    if (version.model) check_parts(*version.model);
  }
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama;
  const fuzz::Bytes text(std::string_view(reinterpret_cast<const char*>(data), size));
  ModelRef ref;
  try {
    ref = parse_model_ref(text.view());
  } catch (const Error& error) {
    fuzz::require(error.kind() == ErrorKind::invalid_input || error.kind() == ErrorKind::not_found,
                  "a reference is bad, or of a model that nobody hosts");
    return 0;
  }
  fuzz::check_parts(ref);
  const std::string rendered = render_model_ref(ref);
  try {
    fuzz::require(parse_model_ref(rendered) == ref, "what was written reads the same");
  } catch (const Error&) {
    fuzz::require(false, "what was written can be read");
  }
  return 0;
}
