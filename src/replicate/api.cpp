#include "replicate/api.hpp"

#include <utility>

#include "rellama/version.hpp"

namespace rellama::replicate {
namespace {

using Clock = std::chrono::steady_clock;

// If a server asks for a longer wait than this, the error is reported instead.
constexpr std::chrono::milliseconds kLongestWait{120'000};
constexpr int kMaxRedirects = 5;

constexpr std::string_view kHidden = "[token]";

// Throws if a stop was requested.
void throw_if_stopped(const StopToken& stop, const http::Failure& failure, const Attempt& attempt) {
  try {
    stop.throw_if_stopped(attempt.prediction_id);
  } catch (const Error& error) {
    if (!attempt.billed || !failure.request_sent) throw;
    throw may_have_started(error);
  }
}

bool is_success(int status) {
  return status >= 200 && status < 300;
}

std::string render_duration(std::chrono::milliseconds duration) {
  const auto tenths = (duration.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace

std::string user_agent() {
  return "rellama/" + std::string(version());
}

Api::Api(std::optional<ApiToken> token, ClientOptions options)
    : token_(std::move(token)),
      options_(std::move(options)),
      endpoint_(options_.base_url, options_.allow_http),
      loop_({.ca_file = options_.ca_file,
             .proxy = options_.proxy,
             .connect_timeout = options_.connect_timeout,
             .user_agent = user_agent()}) {}

void Api::log(LogLevel level, const std::string& line) const {
  if (options_.log) options_.log(level, line);
}

http::Response Api::get(const std::string& url, const Attempt& attempt, const StopToken& stop) {
  http::Request request{.url = url, .token = token()};
  for (int redirects = 0;; ++redirects) {
    http::Response response =
        exchange(request, Repeat::freely, options_.request_timeout, attempt, stop);
    if (is_success(response.status)) return response;
    if (!http::is_redirect(response.status) || redirects == kMaxRedirects) {
      throw error_for(response, attempt);
    }
    const std::string location(http::find_header(response.headers, "location"));
    const auto target = http::resolve_url(request.url, location);
    // Do not even send the request to another host: its response would not be Replicate's.
    if (location.empty() || !target || !endpoint_.is_own(*target)) {
      throw error_for(response, attempt);
    }
    log(LogLevel::info, "redirected to " + *target);
    request.url = *target;
  }
}

http::Response Api::post(http::Request request, Repeat repeat, std::chrono::milliseconds extra,
                         const Attempt& attempt, const StopToken& stop) {
  request.method = "POST";
  request.token = token();
  request.may_reuse_connection = repeat == Repeat::freely;
  http::Response response =
      exchange(request, repeat, options_.request_timeout + extra, attempt, stop);
  if (!is_success(response.status)) throw error_for(response, attempt);
  return response;
}

http::Response Api::query(http::Request request, const Attempt& attempt, const StopToken& stop) {
  request.method = "QUERY";
  request.token = token();
  http::Response response =
      exchange(request, Repeat::freely, options_.request_timeout, attempt, stop);
  if (!is_success(response.status)) throw error_for(response, attempt);
  return response;
}

http::Transfer Api::open_stream(const std::string& url, const std::string& last_event_id) {
  const bool with_token = token_ && endpoint_.trust(url) == Endpoint::Trust::token;
  log(LogLevel::info,
      std::string("opening the event stream ") + (with_token ? "with" : "without") + " the token");
  http::Headers headers{{"Accept", "text/event-stream"}, {"Cache-Control", "no-store"}};
  if (!last_event_id.empty()) headers.emplace_back("Last-Event-ID", last_event_id);
  return loop_.open({.url = url,
                     .headers = std::move(headers),
                     .token = with_token ? token() : nullptr,
                     .accepts_compression = false});
}

http::Transfer Api::open_file(const std::string& url, http::Headers headers,
                              Endpoint::Trust trust) {
  const bool with_token = token_ && trust == Endpoint::Trust::token;
  log(LogLevel::info, "GET " + url + (with_token ? " with" : " without") + " the token");
  return loop_.open({.url = url,
                     .headers = std::move(headers),
                     .token = with_token ? token() : nullptr,
                     .accepts_compression = false});
}

http::Response Api::exchange(const http::Request& request, Repeat repeat,
                             std::chrono::milliseconds timeout, const Attempt& attempt,
                             const StopToken& stop) {
  for (int retry = 1;; ++retry) {
    stop.throw_if_stopped(attempt.prediction_id);
    http::Response response;
    const auto failure = send(request, response, repeat, timeout, stop);
    if (failure) {
      throw_if_stopped(stop, *failure, attempt);
      const Error error = error_for(*failure, attempt);
      if (!may_repeat(repeat, *failure) || retry > options_.retries) throw error;
      wait_to_retry(retry, std::nullopt, error, stop);
    } else if (may_repeat(repeat, response) && retry <= options_.retries) {
      wait_to_retry(retry, requested_delay(response), error_for(response, attempt), stop);
    } else {
      return response;
    }
  }
}

// If a server echoes the request, the token would be printed with the error message.
void Api::hide_token(http::Response& response) const {
  if (!token_) return;
  const auto hide_in = [this](std::string& text) {
    const std::string_view secret = token_->reveal();
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
      text.replace(at, secret.size(), kHidden);
    }
  };
  hide_in(response.body);
  for (auto& [name, value] : response.headers) hide_in(value);
}

std::optional<http::Failure> Api::send(const http::Request& request, http::Response& response,
                                       Repeat repeat, std::chrono::milliseconds timeout,
                                       const StopToken& stop) {
  const auto begin = Clock::now();
  http::Transfer transfer = loop_.open(request);
  auto failure = loop_.finish(transfer, response, stop, begin + timeout);
  const bool stopped = failure && failure->cause == http::Failure::Cause::stopped;
  if (stopped && failure->request_sent && repeat == Repeat::only_if_not_accepted) {
    failure = loop_.finish(transfer, response, StopToken{}, Clock::now() + kGrace);
  }
  if (!is_success(response.status)) hide_token(response);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  log(LogLevel::info, request.method + " " + request.url + " → " +
                          (failure ? failure->why : std::to_string(response.status)) + ", " +
                          std::to_string(took.count()) + " ms");
  return failure;
}

void Api::wait_to_retry(int retry, std::optional<std::chrono::milliseconds> requested,
                        const Error& error, const StopToken& stop) {
  if (requested.value_or(std::chrono::milliseconds{0}) > kLongestWait) throw error;
  const auto delay = requested.value_or(backoff(retry, options_.backoff));
  log(LogLevel::warning, error.parts().failed + ": " + error.parts().why + "; retrying in " +
                             render_duration(delay) + " (" + std::to_string(retry) + " of " +
                             std::to_string(options_.retries) + ")");
  loop_.sleep(delay, stop);
}

}  // namespace rellama::replicate
