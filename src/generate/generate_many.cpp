#include "rellama/generate_many.hpp"

#include <algorithm>
#include <memory>

#include "cog/connection.hpp"
#include "generate/cog_run.hpp"
#include "generate/hosted_run.hpp"
#include "generate/many.hpp"

namespace rellama {
namespace {

// The streams of many predictions share HTTP/2 connections, which those of their creates are not.
class SeparateCreates {
 public:
  SeparateCreates(replicate::Api& api, bool separate) : api_(api) {
    api_.keep_create_connections(!separate);
  }
  ~SeparateCreates() { api_.keep_create_connections(true); }
  SeparateCreates(const SeparateCreates&) = delete;
  SeparateCreates& operator=(const SeparateCreates&) = delete;

 private:
  replicate::Api& api_;
};

}  // namespace

void generate_many(Client& client, RequestSource& source, RowSink& sink, std::size_t in_flight,
                   const StopToken& stop) {
  replicate::Api& api = replicate::api_of(client);
  const SeparateCreates separate(api, in_flight > 1);
  // A create request that waits for its answer keeps others from being sent.
  const bool waits = in_flight <= kMostCreating;
  const auto make_task = [&](const RowRequest& row, EventSink& events) {
    return std::make_unique<HostedRun>(api, row.request, &events, waits,
                                       RunStart{.prediction = row.started, .sent_at = row.sent_at});
  };
  const auto most_creating = [&api]() -> std::size_t {
    if (!api.options().waits_for_throttling) return kMostCreating;
    return std::min(kMostCreating, api.pacer().most_creating());
  };
  Many(api.loop(), source, sink, in_flight, make_task, most_creating).run(stop);
}

void generate_many(CogClient& client, RequestSource& source, RowSink& sink, std::size_t in_flight,
                   const StopToken& stop) {
  cog::Connection& connection = cog::connection_of(client);
  const auto make_task = [&](const RowRequest& row, EventSink& events) {
    return make_cog_run(connection, row.request, events);
  };
  Many(connection.loop(), source, sink, in_flight, make_task, [] {
    return kMostCreating;
  }).run(stop);
}

}  // namespace rellama
