// Whatever a client sends, the guard and the reader of orders come to an end, and let nothing
// through that they should not. The input: a byte that selects headers, then a body, or a header's
// value.

#include <string>
#include <string_view>
#include <variant>

#include "fuzz/fuzz.hpp"
#include "web/guard.hpp"
#include "web/message_id.hpp"
#include "web/run_order.hpp"

namespace rellama::fuzz {
namespace {

constexpr const char* kKey = "0123456789abcdef0123";

const web::Guard& guard() {
  static const web::Guard guard([] {
    web::GuardOptions options;
    options.port = 8085;
    options.key = kKey;
    options.public_urls = {web::PublicUrl::parse("https://chat.example.org")};
    return options;
  }());
  return guard;
}

void check_order(std::string_view body) {
  const auto order = web::parse_run_order(body);
  if (const auto* refusal = std::get_if<web::Refusal>(&order)) {
    require(refusal->status == 400 && !refusal->message.empty(), "a refusal says why");
    return;
  }
  const auto& read = std::get<web::RunOrder>(order);
  require(read.parent >= 0 && read.retry >= 0, "turns are numbered from 1");
  require((read.parent == 0 && read.retry == 0) || read.conversation,
          "a turn is in a conversation");
  for (const auto& [name, value] : read.parameters) {
    require(name.find_first_of("=:@ ") == std::string::npos, "a name cannot be more than a name");
    require(value.text != "null", "null is as good as absent");
  }
}

void check_ids(std::string_view text) {
  if (const auto id = web::parse_message_id(text)) {
    require(web::parse_message_id(web::render_message_id(*id))->turn == id->turn,
            "an ID stays itself");
  }
  if (const auto id = web::parse_conversation_id(text)) {
    require(web::parse_conversation_id(web::render_conversation_id(*id)) == id,
            "an ID stays itself");
  }
}

// Without the key, nothing is answered; with it, but from elsewhere, neither.
void check_guard(std::size_t which, const std::string& value) {
  const char* const names[] = {"Host",   "Origin",         "Cookie",       "Authorization",
                               "Accept", "Sec-Fetch-Site", "Content-Type", "x-api-key"};
  const std::string name = names[which];
  httpd::Request request{.method = which % 2 == 0 ? "GET" : "POST",
                         .target = "/ui/state",
                         .path = "/ui/state",
                         .query = {},
                         .headers = {},
                         .body = {}};
  if (name != "Host") request.headers.emplace_back("Host", "localhost:8085");
  request.headers.emplace_back(name, value);
  request.query.emplace("key", value);
  const bool has_key = value.find(kKey) != std::string::npos;
  require(guard().answer(request).has_value() || has_key, "nothing is answered without the key");
  request.headers.emplace_back("x-api-key", kKey);
  request.headers.emplace_back("Origin", "https://evil.example");
  require(guard().answer(request).has_value(), "nothing is answered to another origin");
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama::fuzz;
  Feed feed(data, size);
  constexpr std::size_t kHeaders = 8;
  const std::size_t which = feed.number(kHeaders + 2);
  const Bytes rest(feed.rest());
  if (which < kHeaders) {
    check_guard(which, std::string(rest.view()));
  } else {
    check_order(rest.view());
    check_ids(rest.view());
  }
  return 0;
}
