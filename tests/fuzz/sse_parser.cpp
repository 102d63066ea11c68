// Whatever way the bytes of an event stream are cut, its items are the same. The input: the bound
// on an event, how to cut, and the stream.

#include "wire/sse_parser.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "rellama/error.hpp"

namespace rellama::fuzz {
namespace {

struct Item {
  wire::SseItem::Kind kind;
  std::string type;
  std::string data;
  std::string id;
  bool operator==(const Item&) const = default;
};

struct Stream {
  std::vector<Item> items;
  bool refused = false;  // what came after the items was too long
  bool operator==(const Stream&) const = default;
};

void check_item(const wire::SseItem& item) {
  require(item.type.find_first_of("\r\n") == std::string_view::npos, "a type is part of one line");
  require(item.id.find_first_of("\r\n") == std::string_view::npos, "an id is part of one line");
  require(item.data.find('\r') == std::string_view::npos, "data lines are joined by LF");
  if (item.kind == wire::SseItem::Kind::comment) {
    require(item.data.find('\n') == std::string_view::npos, "a comment is one line");
    require(item.type.empty() && item.id.empty(), "a comment has neither type nor id");
  }
}

Stream parse(const std::vector<std::string_view>& pieces, std::size_t max_event_bytes) {
  wire::SseParser parser(max_event_bytes);
  Stream stream;
  try {
    for (const std::string_view piece : pieces) {
      const Bytes bytes(piece);
      parser.feed(bytes.view());
      while (const auto item = parser.next()) {
        check_item(*item);
        require(item->data.size() <= max_event_bytes, "data keeps within the bound");
        stream.items.push_back(
            {item->kind, std::string(item->type), std::string(item->data), std::string(item->id)});
      }
    }
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::server, "what is too long is the server's fault");
    stream.refused = true;
  }
  return stream;
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama::fuzz;
  Feed feed(data, size);
  const std::size_t bound = feed.number(64);
  const std::size_t max_event_bytes = bound == 0 ? std::size_t{16} << 20 : bound;
  const auto lengths = feed.lengths();
  const Stream at_once = parse(cut(feed.rest(), {}), max_event_bytes);
  require(parse(cut(feed.rest(), lengths), max_event_bytes) == at_once,
          "cutting the stream changes nothing");
  require(parse(cut(feed.rest(), {1}), max_event_bytes) == at_once,
          "single bytes give what all at once gives");
  return 0;
}
