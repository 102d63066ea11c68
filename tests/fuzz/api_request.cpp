// Whatever a client of the API sends is read or refused by an Error that can be rendered, names no
// file, and a stop sequence that it asks for ends the answer however that is split. The input is a
// byte that chooses the endpoint and the body.

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "api/answer_writer.hpp"
#include "api/order.hpp"
#include "api/stop_cutter.hpp"
#include "fuzz/fuzz.hpp"
#include "rellama/error.hpp"

namespace rellama::fuzz {
namespace {

void check_order(const api::Endpoint& endpoint, const api::Order& order) {
  for (const InputField& field : order.request.parameters.others) {
    require(!std::holds_alternative<FileContent>(field.value), "no request names a file");
    require(!std::holds_alternative<UntypedText>(field.value), "text of a request is text");
  }
  const std::string& text = order.request.prompt;
  api::StopCutter at_once(order.stops);
  api::StopCutter bytewise(order.stops);
  std::string shown = at_once.append(text);
  shown += at_once.finish();
  std::string in_bytes;
  for (const char c : text) in_bytes += bytewise.append(std::string_view(&c, 1));
  in_bytes += bytewise.finish();
  require(shown == in_bytes, "an answer is cut at the same place however it is split");
  for (const std::string& stop : order.stops) {
    require(shown.find(stop) == std::string::npos, "no stop sequence is shown");
  }
  const auto writer = api::make_writer(endpoint, order);
  const std::string whole = writer->whole({.id = "x", .model = order.model}, text, {});
  require(nlohmann::json::accept(whole), "an answer is JSON");
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama;
  if (size == 0) return 0;
  const auto endpoints = api::endpoints();
  const api::Endpoint& endpoint = endpoints[data[0] % endpoints.size()];
  const fuzz::Bytes body({reinterpret_cast<const char*>(data) + 1, size - 1});
  try {
    fuzz::check_order(endpoint, api::read_order(endpoint, body.view(), {}));
  } catch (const Error& error) {
    const bool is_refusal =
        error.kind() == ErrorKind::invalid_input || error.kind() == ErrorKind::not_found;
    fuzz::require(is_refusal, "an unexpected error");
    const auto failure = api::failure_of(error, false);
    fuzz::require(nlohmann::json::accept(api::render_failure(endpoint.protocol, failure)),
                  "a refusal is JSON");
  }
  return 0;
}
