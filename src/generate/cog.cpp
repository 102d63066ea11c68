// Runs a prompt with a model in a Cog container.

#include "rellama/cog.hpp"

#include "cog/connection.hpp"
#include "generate/cog_input.hpp"
#include "generate/cog_run.hpp"
#include "http/runner.hpp"

namespace rellama {

Prediction generate(CogClient& client, const GenerateRequest& request, EventSink& sink,
                    const StopToken& stop) {
  cog::Connection& connection = cog::connection_of(client);
  const auto run = make_cog_run(connection, request, sink);
  http::run(connection.loop(), *run, stop);
  return run->take();
}

void check_generate(CogClient& client, const GenerateRequest& request, const StopToken& stop) {
  cog::Connection& connection = cog::connection_of(client);
  FetchCogSchema fetch(connection, request);
  http::run(connection.loop(), fetch, stop);
  (void)render_for_cog(request, fetch.take());
}

PreparedRequest prepare_generate(const CogOptions& options, const GenerateRequest& request) {
  return prepare_run(options, render_for_cog(request, {}).input, request.delivery);
}

}  // namespace rellama
