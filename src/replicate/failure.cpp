#include "replicate/failure.hpp"

#include <string_view>

#include "wire/problem_json.hpp"

namespace rellama::replicate {
namespace {

constexpr const char* kMayHaveStarted =
    "it may have been started and billed: check rellama predictions list or "
    "https://replicate.com/predictions before you try again";

constexpr const char* kCheckBaseUrl =
    "check the network, and that --base-url points to Replicate's API";

// The kind of error for a status code, and what the user can do about it.
struct Diagnosis {
  ErrorKind kind;
  std::string remedy;
};

bool mentions(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// Whether the status says that the request was not carried out. Any other may come from a gateway
// that gave up, or changed its mind, after the API had accepted the request.
bool is_refusal(int status) {
  switch (status) {
    case 307:
    case 308:
    case 400:
    case 401:
    case 402:
    case 403:
    case 404:
    case 405:
    case 406:
    case 407:
    case 410:
    case 411:
    case 413:
    case 414:
    case 415:
    case 422:
    case 429:
    case 431: return true;
    default: return false;
  }
}

// How nginx, Go and Apache answer http on a port for https; all of them with status 400.
bool wants_https(std::string_view body) {
  return mentions(body, "sent to HTTPS port") || mentions(body, "to an HTTPS server") ||
         mentions(body, "SSL-enabled server port");
}

// The pages of firewalls and sign-in pages in front of the API, which itself never sends one.
Diagnosis diagnose_page(int status) {
  if (status == 404) return {ErrorKind::not_found, kCheckBaseUrl};
  return {ErrorKind::server,
          "not the API but something in front of it refused the request, and not because of the "
          "token: check the network, VPN or firewall"};
}

Diagnosis diagnose(int status, const wire::Problem& problem, const Attempt& attempt) {
  if (problem.is_page && (status == 401 || status == 403 || status == 404)) {
    return diagnose_page(status);
  }
  if (problem.is_gateways && (status == 401 || status == 403)) {
    return {
        ErrorKind::unauthorized,
        "the gateway refused it, not Replicate: check RELLAMA_GATEWAY_HEADER or gateway_header"};
  }
  switch (status) {
    case 401:
    case 403:
      return {ErrorKind::unauthorized,
              "set REPLICATE_API_TOKEN to a token from https://replicate.com/account/api-tokens, "
              "or run: rellama auth login"};
    case 402:
      return {ErrorKind::payment_required,
              "buy credit at https://replicate.com/account/billing and wait a few minutes"};
    case 404:
      return {ErrorKind::not_found, attempt.prediction_id.empty()
                                        ? "check the name on https://replicate.com/explore"
                                        : "list yours with: rellama predictions list"};
    case 400: return {ErrorKind::invalid_input, {}};
    case 413:
      return {ErrorKind::invalid_input,
              "the request is too large: shorten the prompt, or pass large files as https URLs"};
    case 407:
      return {ErrorKind::network,
              http::remedy_for({.cause = http::Failure::Cause::proxy_credentials})};
    case 422:
      // Not the input but the model version: unknown, or not available to this account.
      if (problem.invalid_fields.empty() && mentions(problem.title + problem.detail, "version")) {
        return {ErrorKind::not_found, "check the version, and that your account can access it"};
      }
      return {ErrorKind::invalid_input, {}};
    case 429: return {ErrorKind::rate_limited, "try again later, or send fewer requests"};
    default: break;
  }
  if (attempt.billed && !is_refusal(status)) return {ErrorKind::may_have_started, kMayHaveStarted};
  if (status >= 500) return {ErrorKind::server, "try again in a moment"};
  if (status >= 300 && status < 400) {
    return {ErrorKind::server,
            "check that --base-url or REPLICATE_BASE_URL points to Replicate's API"};
  }
  return {ErrorKind::server, {}};
}

std::string describe(int status, const http::Response& response, const wire::Problem& problem) {
  if (status == 407) return "cannot be reached: the proxy wants a user name and a password";
  std::string why = "answered " + std::to_string(status);
  if (status >= 300 && status < 400) {
    return why + " and redirects to '" +
           std::string(http::find_header(response.headers, "location")) + "'";
  }
  const std::string text = wire::render_problem(problem);
  return text.empty() ? why : why + ": " + text;
}

ErrorKind kind_of(http::Failure::Cause cause) {
  switch (cause) {
    case http::Failure::Cause::too_large: return ErrorKind::server;
    case http::Failure::Cause::authorities: return ErrorKind::invalid_input;
    case http::Failure::Cause::no_memory: return ErrorKind::internal;
    default: return ErrorKind::network;
  }
}

}  // namespace

Error error_for(const http::Failure& failure, const Attempt& attempt) {
  ErrorParts parts{.failed = attempt.failed,
                   .why = attempt.host + ": " + failure.why,
                   .prediction_id = attempt.prediction_id};
  if (failure.cause == http::Failure::Cause::no_memory) parts.why = failure.why;
  if (attempt.billed && failure.request_sent) {
    parts.remedy = kMayHaveStarted;
    return {ErrorKind::may_have_started, std::move(parts)};
  }
  parts.remedy = remedy_for(failure);
  return {kind_of(failure.cause), std::move(parts)};
}

Error error_for(const http::Response& response, const Attempt& attempt) {
  if (response.status == 400 && wants_https(response.body)) {
    return error_for({.cause = http::Failure::Cause::tls,
                      .why = "the server expects TLS on this port (it answered 400)"},
                     attempt);
  }
  const wire::Problem problem = wire::parse_problem(response.body);
  const auto [kind, remedy] = diagnose(response.status, problem, attempt);
  return {kind,
          {.failed = attempt.failed,
           .why = attempt.host + " " + describe(response.status, response, problem),
           .remedy = remedy,
           .prediction_id = attempt.prediction_id}};
}

Error error_for_unreadable(const http::Response& response, const std::string& why,
                           const Attempt& attempt) {
  const wire::Problem problem = wire::parse_problem(response.body);
  return {
      attempt.billed ? ErrorKind::may_have_started : ErrorKind::server,
      {.failed = attempt.failed,
       .why = attempt.host + " answered " + std::to_string(response.status) + " with " +
              (problem.is_page ? wire::render_problem(problem) : "an unexpected response: " + why),
       .remedy = attempt.billed ? kMayHaveStarted : kCheckBaseUrl,
       .prediction_id = attempt.prediction_id}};
}

Error may_have_started(const Error& error) {
  ErrorParts parts = error.parts();
  parts.remedy = kMayHaveStarted;
  return {ErrorKind::may_have_started, std::move(parts)};
}

}  // namespace rellama::replicate
