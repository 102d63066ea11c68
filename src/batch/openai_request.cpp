// The members of a request to OpenAI's batch API:
// https://platform.openai.com/docs/api-reference/batch/request-input

#include "batch/openai_request.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "api/order.hpp"
#include "batch/row_fields.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::batch {
namespace {

// The endpoint whose requests a batch can have; null if it is another one.
const api::Endpoint* find_endpoint(const std::string& url) {
  const api::Endpoint* endpoint = api::find_endpoint(url);
  if (endpoint == nullptr) return nullptr;
  const bool is_known =
      endpoint->kind == api::Kind::chat || endpoint->kind == api::Kind::completion;
  return is_known ? endpoint : nullptr;
}

GenerateRequest read_body(const api::Endpoint& endpoint, const Json& body,
                          GenerateRequest request) {
  api::Order order{.request = std::move(request), .model = {}};
  try {
    read_members(endpoint, body, order);
  } catch (const Error& error) {
    throw unusable_row(error.parts().failed, error.parts().remedy);
  }
  if (order.stream) throw unusable_row("'stream' in the body cannot be true", "leave it out");
  if (!order.stops.empty()) order.request.parameters.stop_sequences = std::move(order.stops);
  return std::move(order.request);
}

}  // namespace

bool is_chat(const Json& fields) {
  const api::Endpoint* endpoint = find_endpoint(wire::string_at(fields, "url"));
  return endpoint == nullptr || endpoint->kind == api::Kind::chat;
}

void take_openai_row(const Json& fields, GenerateRequest& request) {
  const std::string method = wire::string_at(fields, "method");
  const std::string url = wire::string_at(fields, "url");
  const api::Endpoint* endpoint = find_endpoint(url);
  if (method != "POST" || endpoint == nullptr) {
    throw unusable_row("it asks for '" + method + " " + url + "'",
                       "rellama answers POST /v1/chat/completions and POST /v1/completions");
  }
  const auto body = fields.find("body");
  if (body == fields.end() || !body->is_object()) throw unusable_row("it has no 'body'");
  if (const auto model = body->find("model"); model != body->end() && !model->is_null()) {
    request.model = request.catalogue.parse_model_ref(require_text(*model, "model"));
  }
  request = read_body(*endpoint, *body, std::move(request));
}

}  // namespace rellama::batch
