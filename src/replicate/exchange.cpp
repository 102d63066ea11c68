#include "replicate/exchange.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "http/loop.hpp"
#include "http/url.hpp"
#include "rellama/stop.hpp"
#include "replicate/api.hpp"
#include "replicate/retry.hpp"

namespace rellama::replicate {
namespace {

using http::Clock;
using http::Event;
using http::Failure;
using http::Step;
using std::chrono::milliseconds;

bool is_success(int status) {
  return status >= 200 && status < 300;
}

std::string render_duration(milliseconds duration) {
  const auto tenths = (duration.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

Lane lane_of(const ExchangePlan& plan) {
  return plan.repeat == Repeat::freely ? Lane::read : Lane::create;
}

}  // namespace

ExchangePlan plan_get(const Api& api, std::string url, Attempt attempt) {
  const SecretHeader* gateway_header = api.gateway_header(url);
  return {
      .request = {.url = std::move(url), .token = api.token(), .gateway_header = gateway_header},
      .attempt = std::move(attempt),
      .timeout = api.options().request_timeout,
      .follows_redirects = true};
}

ExchangePlan plan_post(const Api& api, http::Request request, Repeat repeat, milliseconds extra,
                       Attempt attempt) {
  request.method = "POST";
  request.token = api.token();
  request.gateway_header = api.gateway_header(request.url);
  request.may_reuse_connection = repeat == Repeat::freely;
  request.keeps_connection = repeat == Repeat::freely || api.keeps_create_connections();
  return {.request = std::move(request),
          .attempt = std::move(attempt),
          .repeat = repeat,
          .timeout = api.options().request_timeout + extra,
          .on_stop = repeat == Repeat::freely ? OnStop::end : OnStop::finish};
}

ExchangePlan plan_cancel(const Api& api, const Prediction& prediction, Attempt attempt) {
  return plan_post(api, {.url = api.endpoint().cancel_url(prediction)}, Repeat::freely,
                   milliseconds{0}, std::move(attempt));
}

Exchange::Exchange(Api& api, ExchangePlan plan) : api_(api), plan_(std::move(plan)) {}

Step Exchange::handle(const Event& event) {
  try {
    return advance(event);
  } catch (const std::bad_alloc&) {
    response_ = {};
    const bool request_sent = event.head != nullptr || event.request_sent;
    if (stop_) throw stopped(request_sent);
    throw error_for({Failure::Cause::no_memory, request_sent, http::kNoMemory}, plan_.attempt);
  }
}

Error Exchange::unreadable(const http::Response& response, const std::string& why) const {
  return api_.without_secrets(error_for_unreadable(response, why, plan_.attempt));
}

Step Exchange::advance(const Event& event) {
  switch (event.kind) {
    case Event::Kind::start:
      accepted_before_ = api_.pacer().accepted(lane_of(plan_));
      return queue(event.now);
    case Event::Kind::bytes: return read(event);
    case Event::Kind::end: return end(event);
    case Event::Kind::time:
      if (state_ == State::waiting) return queue(event.now);
      // A server that is silent, or sends a byte now and then, must not hold us for every retry.
      plan_.limit = std::min(plan_.limit, event.now + plan_.timeout / 2);
      return fail({Failure::Cause::timed_out, event.request_sent, "the request timed out"},
                  event.now);
    case Event::Kind::stop: return stop(event);
  }
  return Step::done();
}

// A time that was reserved before the server refused another request is no longer good.
Step Exchange::queue(Clock::time_point now) {
  Pacer& pacer = api_.pacer();
  const Lane lane = lane_of(plan_);
  const bool is_blocked = pacer.blocked_until(lane) > now;
  if (!reserved_ || is_blocked) {
    reserved_ = is_blocked ? now + Clock::duration(1) : now;  // after the refusal
    until_ = pacer.reserve(lane, now);
    if (until_ > now && until_ < plan_.limit) return Step::sleep(until_);
  }
  return send(now);
}

Step Exchange::send(Clock::time_point now) {
  state_ = State::sending;
  response_ = {};
  sent_at_ = now;
  until_ = std::min(now + plan_.timeout, plan_.limit);
  http::Request request = plan_.request;
  request.url = api_.endpoint().address_of(request.url);
  return Step::open(std::move(request), until_);
}

Step Exchange::read(const Event& event) {
  std::string& body = response_.body;
  if (body.empty()) body.reserve(http::announced_size(event.head->headers));
  body += event.bytes;
  if (body.size() > http::Loop::kMaxBodyBytes) {
    return fail({Failure::Cause::too_large, true, "the response is too long"}, event.now);
  }
  return Step::read(until_);
}

Step Exchange::end(const Event& event) {
  response_.status = event.head->status;
  response_.headers = event.head->headers;
  api_.endpoint().learn(response_.headers);
  if (!is_success(response_.status)) api_.hide_secrets(response_);
  if (event.failure != nullptr) return fail(*event.failure, event.now);
  log_response(std::to_string(response_.status), event.now);
  return conclude(event.now);
}

Step Exchange::fail(const Failure& failure, Clock::time_point now) {
  log_response(failure.why, now);
  if (stop_) throw stopped(failure.request_sent);
  const Error error = api_.without_secrets(error_for(failure, plan_.attempt));
  if (!may_repeat(plan_.repeat, failure) || retries_ >= max_retries()) throw error;
  ++retries_;
  return retry(std::nullopt, error, now);
}

Step Exchange::conclude(Clock::time_point now) {
  if (response_.status != 429) {
    api_.pacer().learn(lane_of(plan_), response_, now, now - sent_at_);
  }
  if (is_success(response_.status)) return Step::done();
  if (plan_.follows_redirects && http::is_redirect(response_.status)) return redirect();
  const Error error = api_.without_secrets(error_for(response_, plan_.attempt));
  if (!may_repeat(plan_.repeat, response_)) throw error;
  if (stop_) throw stopped(/*request_sent=*/false);
  if (!is_throttled_among_others()) {
    if (retries_ >= max_retries()) throw error;
    ++retries_;
  }
  return retry(requested_delay(response_), error, now);
}

int Exchange::max_retries() const {
  return plan_.retries.value_or(api_.options().retries);
}

// A request that is refused while others of its kind are accepted only waits for its turn.
bool Exchange::is_throttled_among_others() {
  if (response_.status != 429) return false;
  if (api_.options().waits_for_throttling) return true;
  const std::size_t accepted = api_.pacer().accepted(lane_of(plan_));
  return std::exchange(accepted_before_, accepted) != accepted;
}

Step Exchange::redirect() {
  const std::string location(http::find_header(response_.headers, "location"));
  const auto target = http::resolve_url(plan_.request.url, location);
  // Do not even send the request to another host: its response would not be Replicate's.
  if (++redirects_ > kMaxRedirects || location.empty() || !target ||
      !api_.endpoint().is_own(*target)) {
    throw api_.without_secrets(error_for(response_, plan_.attempt));
  }
  api_.log(LogLevel::info, "redirected to " + *target);
  plan_.request.url = *target;
  return send(sent_at_);
}

Step Exchange::retry(std::optional<milliseconds> requested, const Error& error,
                     Clock::time_point now) {
  const bool waits = response_.status == 429 && api_.options().waits_for_throttling;
  if (requested.value_or(milliseconds{0}) > kLongestWait && !waits) throw error;
  const auto delay = requested.value_or(backoff(std::max(retries_, 1), api_.options().backoff));
  if (now + delay > plan_.limit) throw error;
  if (response_.status == 429) {
    api_.pacer().refused(lane_of(plan_), requested, reserved_.value_or(sent_at_), now,
                         now - sent_at_);
  }
  const std::string count = waits ? std::string()
                                  : " (" + std::to_string(retries_) + " of " +
                                        std::to_string(api_.options().retries) + ")";
  api_.log(waits ? LogLevel::info : LogLevel::warning, error.parts().failed + ": " +
                                                           error.parts().why + "; retrying in " +
                                                           render_duration(delay) + count);
  state_ = State::waiting;
  reserved_.reset();
  until_ = now + delay;
  return Step::sleep(until_);
}

Step Exchange::stop(const Event& event) {
  stop_ = event.reason;
  const bool is_sent = state_ == State::sending && event.request_sent;
  if (plan_.on_stop == OnStop::end || (plan_.attempt.billed && !is_sent)) throw stopped(is_sent);
  plan_.limit = std::min(plan_.limit, event.now + kGrace);
  until_ = std::min(until_, plan_.limit);
  return state_ == State::sending ? Step::read(until_) : Step::sleep(until_);
}

Error Exchange::stopped(bool request_sent) const {
  Error error = stop_error(*stop_, plan_.attempt.prediction_id);
  if (!plan_.attempt.billed || !request_sent) return error;
  return may_have_started(error);
}

void Exchange::log_response(const std::string& result, Clock::time_point now) const {
  const auto took = std::chrono::duration_cast<milliseconds>(now - sent_at_);
  api_.log(LogLevel::info, plan_.request.method + " " + plan_.request.url + " → " + result + ", " +
                               std::to_string(took.count()) + " ms");
}

}  // namespace rellama::replicate
