// The routes of Replicate's API, and what all of their replies have in common.

#include "emulator/service.hpp"

#include "emulator/faulty_reply.hpp"

namespace rellama::emulator {
namespace {

/// Splits a path at its slashes. Anything before the first one is dropped.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end == std::string_view::npos ? path.size() : end);
  }
  return segments;
}

/// The names that match the stars of `pattern`; empty if the path does not match.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  const auto wanted = segments_of(pattern);
  const auto given = segments_of(path);
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "*" && !given[i].empty()) {
      names.emplace_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return names;
}

/// Recorded values (docs/protocol.md §6).
constexpr int kCreatesLeft = 599;
constexpr int kPollsLeft = 59999;
constexpr int kOthersLeft = 2999;

}  // namespace

const Service::Route Service::kRoutes[] = {
    {"POST", "/v1/predictions", Place::create, true, kCreatesLeft, &Service::create_by_version},
    {"POST", "/v1/models/*/*/predictions", Place::create, true, kCreatesLeft,
     &Service::create_by_model},
    {"POST", "/v1/deployments/*/*/predictions", Place::create, true, kCreatesLeft,
     &Service::create_by_deployment},
    {"GET", "/v1/predictions", Place::list, true, kOthersLeft, &Service::list_predictions},
    {"GET", "/v1/predictions/*", Place::get, true, kPollsLeft, &Service::get_prediction},
    {"POST", "/v1/predictions/*/cancel", Place::cancel, true, kOthersLeft,
     &Service::cancel_prediction},
    // Knowing the URL is the permission: docs/protocol.md §5.
    {"GET", "/v1/streams/*", Place::stream, false, -1, &Service::stream_prediction},
    // As above. Files are not part of the API: docs/protocol.md §4.
    {"GET", "/files/*/*", Place::file, false, -1, &Service::get_file},
    {"POST", "/v1/files", Place::upload, true, kOthersLeft, &Service::create_upload},
    {"GET", "/v1/files", Place::upload, true, kOthersLeft, &Service::list_uploads},
    {"GET", "/v1/files/*", Place::upload, true, kOthersLeft, &Service::get_upload},
    {"DELETE", "/v1/files/*", Place::upload, true, kOthersLeft, &Service::delete_upload},
    // Its signature is the permission.
    {"GET", "/v1/files/*/download", Place::file, false, -1, &Service::download_upload},
    {"GET", "/v1/account", Place::account, true, kOthersLeft, &Service::get_account},
    {"GET", "/v1/webhooks/default/secret", Place::account, true, kOthersLeft,
     &Service::get_webhook_secret},
    {"GET", "/v1/hardware", Place::account, true, kOthersLeft, &Service::list_hardware},
    {"GET", "/v1/models", Place::model, true, kOthersLeft, &Service::list_models},
    {"QUERY", "/v1/models", Place::model, true, kOthersLeft, &Service::search_models},
    {"GET", "/v1/models/*/*", Place::model, true, kOthersLeft, &Service::get_model},
    {"GET", "/v1/models/*/*/versions", Place::model, true, kOthersLeft, &Service::list_versions},
    {"GET", "/v1/models/*/*/versions/*", Place::model, true, kOthersLeft, &Service::get_version},
    {"GET", "/v1/models/*/*/readme", Place::model, true, kOthersLeft, &Service::get_readme},
    {"GET", "/v1/models/*/*/examples", Place::model, true, kOthersLeft, &Service::list_examples},
    {"GET", "/v1/search", Place::model, true, kOthersLeft, &Service::search},
    {"GET", "/v1/deployments", Place::model, true, kOthersLeft, &Service::list_deployments},
    {"GET", "/v1/deployments/*/*", Place::model, true, kOthersLeft, &Service::get_deployment},
    {"GET", "/v1/collections", Place::model, true, kOthersLeft, &Service::list_collections},
    {"GET", "/v1/collections/*", Place::model, true, kOthersLeft, &Service::get_collection},
};

Service::Service(EmulatorOptions options)
    : options_(std::move(options)),
      faults_(options_.faults),
      create_limit_(options_.creates_a_minute, options_.refusal),
      webhooks_(store_, options_.access_log) {}

Reply Service::answer(const Request& request) {
  const std::string& path = request.recorded.path;
  for (const Route& route : kRoutes) {
    if (route.method != request.recorded.method) continue;
    if (auto names = match(route.path, path)) {
      return answer_route(route, {request, std::move(*names), std::nullopt});
    }
  }
  if (!path.starts_with("/v1/")) {
    // This comes from Replicate's edge, which does not reply in JSON: docs/protocol.md §1.
    return {.status = 404,
            .content_type = "text/plain; charset=utf-8",
            .body = "404: nothing is served under this path\n"};
  }
  return not_found();
}

Reply Service::answer_route(const Route& route, Call call) {
  if (route.needs_token && !call.request.token_accepted) {
    return problem(401, "Unauthenticated",
                   call.request.recorded.authorized
                       ? "You did not pass a valid authentication token"
                       : "You did not pass an authentication token");
  }
  const bool is_limited = route.place == Place::create && create_limit_.is_set();
  if (is_limited) {
    if (const auto refusal = create_limit_.take(Clock::now())) return faulty_reply(*refusal);
  }
  // A stream has one fault, whether that replaces the reply or damages it. After a redirect, the
  // client has had its fault.
  const bool redirected = !call.request.parameter("redirected").empty();
  if (!redirected) {
    call.fault = faults_.take(route.place, [&route](const Fault& fault) {
      return replaces_answer(fault) || route.place == Place::stream || route.place == Place::file ||
             fault.kind == FaultKind::lost;
    });
  }
  const bool replaced =
      call.fault && replaces_answer(*call.fault) && call.fault->kind != FaultKind::ok;
  Reply reply = replaced ? faulty_reply(*call.fault) : (this->*route.answer)(call);
  const bool tells_limit = !is_limited && !(replaced && is_throttling(*call.fault));
  if (route.requests_left >= 0 && tells_limit) {
    reply.headers.emplace_back("ratelimit-remaining", std::to_string(route.requests_left));
    reply.headers.emplace_back("ratelimit-reset", "1");
  }
  return reply;
}

}  // namespace rellama::emulator
