#include "web/api.hpp"

#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/model_list.hpp"
#include "rellama/version.hpp"
#include "web/api_reply.hpp"
#include "web/reply.hpp"

namespace rellama::web {
namespace {

constexpr int kNotFound = 404;
constexpr int kNotAllowed = 405;

api::Failure unknown_path() {
  std::string known;
  for (const api::Endpoint& endpoint : api::endpoints()) {
    known += (known.empty() ? "" : ", ") + std::string(endpoint.path);
  }
  return {.status = kNotFound,
          .message = "this server does not have that path; it answers " + known +
                     ", /v1/models, /api/tags, /api/show and /api/version",
          .code = "not_found"};
}

api::Failure unknown_model() {
  return {.status = kNotFound,
          .message =
              "there is no such model in the list; any owner/name that Replicate has can be "
              "asked all the same",
          .code = "model_not_found",
          .param = "model"};
}

bool only_reads(const httpd::Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

httpd::Reply refuse_method(api::Protocol protocol, const char* allowed) {
  httpd::Reply reply = api_failure(
      protocol, {.status = kNotAllowed, .message = std::string("this path takes only ") + allowed});
  reply.headers.emplace_back("Allow", allowed);
  return reply;
}

httpd::Reply reply_if(const std::optional<std::string>& body, api::Protocol protocol) {
  return body ? api_reply(kStatusOk, *body) : api_failure(protocol, unknown_model());
}

}  // namespace

Api::Api(Engine& engine, api::Offer offer, ApiPatience patience)
    : engine_(engine), offer_(std::move(offer)), runs_(engine, patience) {}

void Api::handle(const httpd::Request& request, const httpd::Exchange& exchange,
                 const httpd::Headers& headers) {
  const std::string path = api::normal_path(request.path);
  const api::Protocol protocol = api::protocol_of(path);
  httpd::Reply reply;
  try {
    const api::Endpoint* endpoint = api::find_endpoint(path);
    if (endpoint != nullptr && request.method == "POST") {
      return ask(*endpoint, request, {.exchange = exchange, .headers = headers});
    }
    reply = endpoint != nullptr ? refuse_method(protocol, "POST") : answer(path, request);
  } catch (const Error& error) {
    reply = api_failure(protocol, api::failure_of(error, /*was_made=*/false));
  } catch (const std::exception& error) {
    reply = api_failure(protocol, {.status = kStatusInternal, .message = error.what()});
  }
  add_headers(reply, headers);
  exchange.reply(std::move(reply));
}

void Api::ask(const api::Endpoint& endpoint, const httpd::Request& request, Caller caller) {
  api::Order order = api::read_order(endpoint, request.body, offer_);
  if (order.only_loads) {
    httpd::Reply reply = api_reply(kStatusOk, api::render_loaded(endpoint, order.model));
    add_headers(reply, caller.headers);
    return caller.exchange.reply(std::move(reply));
  }
  engine_.post(
      [this, &endpoint, order = std::move(order), body = request.body, caller = std::move(caller)] {
        try {
          runs_.start(endpoint, order, body, caller, !offer_.container.empty());
        } catch (const std::exception& error) {
          httpd::Reply reply =
              api_failure(endpoint.protocol, {.status = kStatusInternal, .message = error.what()});
          add_headers(reply, caller.headers);
          caller.exchange.reply(std::move(reply));
        }
      });
}

httpd::Reply Api::answer(const std::string& path, const httpd::Request& request) const {
  constexpr std::string_view kModel = "/v1/models/";
  const api::Protocol protocol = api::protocol_of(path);
  if (path == "/api/show") {
    return request.method == "POST" ? reply_if(render_show(offer_, request.body), protocol)
                                    : refuse_method(protocol, "POST");
  }
  const bool is_model = path.starts_with(kModel);
  if (!is_model && path != "/v1/models" && path != "/api/tags" && path != "/api/version") {
    return api_failure(protocol, unknown_path());
  }
  if (!only_reads(request)) return refuse_method(protocol, "GET");
  if (is_model) return reply_if(render_model(offer_, path.substr(kModel.size())), protocol);
  if (path == "/v1/models") return api_reply(kStatusOk, render_models(offer_));
  if (path == "/api/tags") return api_reply(kStatusOk, render_tags(offer_));
  return api_reply(kStatusOk, nlohmann::ordered_json{{"version", version()}}.dump());
}

}  // namespace rellama::web
