#include "cog/cancel.hpp"

#include <chrono>
#include <utility>

namespace rellama::cog {
namespace {

using http::Event;
using http::Step;

constexpr std::chrono::seconds kCancelTimeout{2};

}  // namespace

Cancel::Cancel(const Connection& connection, std::string id)
    : connection_(connection), id_(std::move(id)) {}

Step Cancel::handle(const Event& event) {
  switch (event.kind) {
    case Event::Kind::start:
      until_ = event.now + kCancelTimeout;
      return Step::open(
          {.method = "POST", .url = connection_.url_of("/predictions/" + id_ + "/cancel")}, until_);
    case Event::Kind::bytes:
    case Event::Kind::stop: return Step::read(until_);
    case Event::Kind::end:
      return done(event.failure != nullptr ? event.failure->why
                                           : std::to_string(event.head->status));
    case Event::Kind::time: return done("the request timed out");
  }
  return Step::done();
}

Step Cancel::done(const std::string& result) {
  connection_.log(LogLevel::info, "canceled prediction " + id_ + ": " + result);
  return Step::done();
}

}  // namespace rellama::cog
