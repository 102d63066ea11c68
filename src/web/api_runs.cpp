#include "web/api_runs.hpp"

#include <utility>

#include "rellama/error.hpp"
#include "system/random.hpp"
#include "web/api_reply.hpp"
#include "web/reply.hpp"

namespace rellama::web {
namespace {

constexpr std::size_t kRunIdBytes = 16;
constexpr std::chrono::milliseconds kSweep{250};

void refuse_caller(const api::Endpoint& endpoint, const api::Failure& failure, const Caller& caller,
                   std::chrono::seconds retry_after = {}) {
  httpd::Reply reply = api_failure(endpoint.protocol, failure);
  if (retry_after.count() > 0) {
    reply.headers.emplace_back("Retry-After", std::to_string(retry_after.count()));
  }
  add_headers(reply, caller.headers);
  caller.exchange.reply(std::move(reply));
}

}  // namespace

ApiRuns::ApiRuns(Engine& engine, ApiPatience patience) : engine_(engine), patience_(patience) {
  engine_.repeat(kSweep, [this] { sweep(); });
}

void ApiRuns::start(const api::Endpoint& endpoint, api::Order order, std::string body,
                    Caller caller, bool is_container) {
  if (caller.exchange.is_gone()) return;
  if (Entry* left = find_left(endpoint, body)) return attach(*left, std::move(caller));
  if (const auto refused = engine_.find_refusal()) {
    return refuse_caller(
        endpoint,
        {.status = refused->is_ending ? kStatusUnavailable : kStatusTooMany,
         .message = "this cannot be started now: " + refused->why + "; try again later",
         .code = refused->is_ending ? "shutting_down" : "rate_limited"},
        caller, refused->retry_after);
  }
  try {
    api::check(order, is_container);
  } catch (const Error& error) {
    const api::Failure failure = api::failure_of(error, /*was_made=*/false);
    return refuse_caller(endpoint, api::in_words_of_request(endpoint, order, failure), caller);
  }
  const std::string id = system::random_hex(kRunIdBytes);
  Entry& entry = runs_[id];
  entry.run = std::make_shared<ApiRun>(
      ApiQuestion{
          .id = id, .endpoint = endpoint, .order = std::move(order), .body = std::move(body)},
      engine_, patience_.keep_alive);
  const auto run = entry.run;
  attach(entry, std::move(caller));
  engine_.start(id, run->take_request(), run);
}

ApiRuns::Entry* ApiRuns::find_left(const api::Endpoint& endpoint, const std::string& body) {
  for (auto& [id, entry] : runs_) {
    if (entry.run->has_lost_client()) leave(id, entry.clients);  // nobody has told yet
    const ApiQuestion& question = entry.run->question();
    if (entry.until && question.endpoint.kind == endpoint.kind && question.body == body) {
      return &entry;
    }
  }
  return nullptr;
}

void ApiRuns::attach(Entry& entry, Caller caller) {
  const httpd::Exchange exchange = caller.exchange;
  const std::string id = entry.run->question().id;
  entry.until.reset();
  ++entry.clients;
  entry.run->attach(std::move(caller));
  exchange.on_gone([this, id, client = entry.clients] {
    engine_.post([this, id, client] { leave(id, client); });
  });
}

void ApiRuns::leave(const std::string& id, std::size_t client) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || found->second.clients != client) return;
  Entry& entry = found->second;
  if (entry.run->has_ended()) return;  // the sweep forgets it
  entry.run->detach();
  const auto now = Engine::Clock::now();
  if (now - entry.run->quiet_since() >= patience_.silence) {
    entry.until = now + patience_.grace;
  } else {
    engine_.stop(id, ErrorKind::output_closed);
  }
}

void ApiRuns::sweep() {
  const auto now = Engine::Clock::now();
  for (auto at = runs_.begin(); at != runs_.end();) {
    Entry& entry = at->second;
    if (entry.until && *entry.until <= now) {
      entry.until.reset();
      engine_.stop(at->first, ErrorKind::output_closed);
    }
    at = entry.run->has_ended() && !entry.until ? runs_.erase(at) : std::next(at);
  }
}

}  // namespace rellama::web
