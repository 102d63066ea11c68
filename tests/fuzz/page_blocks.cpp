// Whatever a model writes, the page gets JSON, the same however the text was cut, without a link
// that does harm. The input: how to cut, and the text.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "web/block_node.hpp"
#include "web/blocks.hpp"

namespace rellama::fuzz {
namespace {

using Json = nlohmann::json;

Json collect(const std::vector<std::string_view>& pieces) {
  web::Blocks blocks;
  std::vector<std::string> shown;
  const auto take = [&] {
    web::BlocksChange change = blocks.take_change();
    require(change.keep <= shown.size(), "only what is there can stay");
    shown.resize(change.keep);
    for (std::string& block : change.blocks) shown.push_back(std::move(block));
  };
  for (const std::string_view piece : pieces) {
    blocks.feed(piece);
    take();
  }
  blocks.finish();
  take();
  Json json = Json::parse(web::join_blocks(shown), nullptr, /*allow_exceptions=*/false);
  require(!json.is_discarded(), "it is JSON");
  return json;
}

void check(const Json& value) {
  if (value.is_object()) {
    require(value.contains("t") || value.contains("c"), "an object is a block, a span or an item");
    if (value.contains("href")) {
      require(web::is_safe_link(value["href"].get<std::string>()), "links are safe");
    }
  }
  if (!value.is_structured()) return;
  for (const auto& part : value) check(part);
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama::fuzz;
  Feed feed(data, size);
  const auto lengths = feed.lengths();
  const nlohmann::json whole = collect(cut(feed.rest(), {}));
  check(whole);
  require(collect(cut(feed.rest(), lengths)) == whole, "cutting the text changes nothing");
  return 0;
}
