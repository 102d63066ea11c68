// Runs a prompt with a model in a Cog container.

#include "rellama/cog.hpp"

#include "cog/connection.hpp"
#include "generate/cog_input.hpp"
#include "generate/cog_run.hpp"
#include "http/runner.hpp"
#include "prompt/secret_input.hpp"

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

std::vector<std::string> find_secret_inputs(CogClient& client, const GenerateRequest& request,
                                            const StopToken& stop) {
  if (request.parameters.others.empty()) return {};
  cog::Connection& connection = cog::connection_of(client);
  FetchCogSchema fetch(connection, request);
  http::run(connection.loop(), fetch, stop);
  const auto schema = fetch.take();
  return prompt::find_secrets(request.parameters.others, schema ? &*schema : nullptr);
}

PreparedRequest prepare_generate(const CogOptions& options, const GenerateRequest& request) {
  Input input = render_for_cog(request, {}).input;
  prompt::hide_fields(input, prompt::find_possible_secrets(request.parameters.others));
  return prepare_run(options, input, request.delivery);
}

}  // namespace rellama
