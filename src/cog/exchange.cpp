#include "cog/exchange.hpp"

#include <chrono>

#include "http/loop.hpp"
#include "rellama/error.hpp"
#include "rellama/stop.hpp"
#include "replicate/retry.hpp"

namespace rellama::cog {
namespace {

using http::Clock;
using http::Event;
using http::Failure;
using http::Step;

constexpr std::chrono::seconds kExchangeTimeout{30};

}  // namespace

std::optional<Failure> collect(http::Response& response, const Event& event) {
  std::string& body = response.body;
  if (body.empty()) body.reserve(http::announced_size(event.head->headers));
  body += event.bytes;
  if (body.size() <= http::Loop::kMaxBodyBytes) return std::nullopt;
  return Failure{Failure::Cause::too_large, true, "the response is too long"};
}

Failure timed_out(const Event& event) {
  return {Failure::Cause::timed_out, event.request_sent, "the request timed out"};
}

Exchange::Exchange(const Connection& connection, Resource what)
    : connection_(connection), what_(what) {}

Step Exchange::handle(const Event& event) {
  switch (event.kind) {
    case Event::Kind::start: return send(event.now);
    case Event::Kind::bytes: return read(event);
    case Event::Kind::end: return end(event);
    case Event::Kind::time:
      return waiting_ ? send(event.now) : retry_after(timed_out(event), event.now);
    case Event::Kind::stop: throw stop_error(event.reason);
  }
  return Step::done();
}

Step Exchange::send(Clock::time_point now) {
  waiting_ = false;
  response_ = {};
  until_ = now + kExchangeTimeout;
  return Step::open({.url = connection_.url_of(what_.path)}, until_);
}

Step Exchange::read(const Event& event) {
  if (const auto failure = collect(response_, event)) return retry_after(*failure, event.now);
  return Step::read(until_);
}

Step Exchange::end(const Event& event) {
  if (event.failure != nullptr) return retry_after(*event.failure, event.now);
  response_.status = event.head->status;
  response_.headers = event.head->headers;
  if (response_.status == 200) return Step::done();
  throw replicate::error_for(response_, connection_.attempt(what_.failed));
}

Step Exchange::retry_after(const Failure& failure, Clock::time_point now) {
  if (!replicate::may_repeat(replicate::Repeat::freely, failure) ||
      retries_ >= connection_.options().retries) {
    throw replicate::error_for(failure, connection_.attempt(what_.failed));
  }
  ++retries_;
  waiting_ = true;
  return Step::sleep(now + replicate::backoff(retries_, connection_.options().backoff));
}

}  // namespace rellama::cog
