#include "rellama/generate.hpp"

#include <memory>

#include "generate/hosted_run.hpp"
#include "generate/resolve.hpp"
#include "http/runner.hpp"
#include "prompt/secret_input.hpp"
#include "rellama/error.hpp"

namespace rellama {
namespace {

Prediction run(Client& client, const GenerateRequest& request, EventSink* sink, bool waits,
               const StopToken& stop) {
  replicate::Api& api = replicate::api_of(client);
  HostedRun task(api, request, sink, waits);
  http::run(api.loop(), task, stop);
  return task.take();
}

// The model as `generate` would run it: with its own schema, if that is needed and available.
std::unique_ptr<ResolvedModel> resolve(Client& client, const GenerateRequest& request,
                                       const StopToken& stop) {
  auto resolved = std::make_unique<ResolvedModel>(request);
  if (!resolved->needs_schema()) return resolved;
  replicate::Api& api = replicate::api_of(client);
  try {
    replicate::FetchModel fetch(api, request.model);
    http::run(api.loop(), fetch, stop);
    const Model model = fetch.take();
    keep_model(request, model);
    return std::make_unique<ResolvedModel>(request, model);
  } catch (const Error& error) {
    if (!runs_without_schema(error.kind())) throw;
    return resolved;
  }
}

}  // namespace

Prediction generate(Client& client, const GenerateRequest& request, EventSink& sink,
                    const StopToken& stop) {
  return run(client, request, &sink, /*waits=*/true, stop);
}

Prediction submit(Client& client, const GenerateRequest& request, const StopToken& stop) {
  return run(client, request, nullptr, /*waits=*/false, stop);
}

std::vector<std::string> find_secret_inputs(Client& client, const GenerateRequest& request,
                                            const StopToken& stop) {
  if (request.parameters.others.empty()) return {};
  return resolve(client, request, stop)->secrets();
}

std::vector<std::string> find_secret_inputs(const GenerateRequest& request, HiddenInputs hidden) {
  const ResolvedModel resolved(request);
  return hidden == HiddenInputs::possible_secrets ? resolved.possible_secrets()
                                                  : resolved.secrets();
}

void check_generate(const GenerateRequest& request) {
  (void)ResolvedModel(request).render();
}

void check_generate(Client& client, const GenerateRequest& request, const StopToken& stop) {
  (void)resolve(client, request, stop)->render();
}

PromptFit fit_prompt(const GenerateRequest& request) {
  return ResolvedModel(request).render().fit;
}

PreparedRequest prepare_generate(const ClientOptions& client, const GenerateRequest& request,
                                 HiddenInputs hidden) {
  const ResolvedModel resolved(request);
  Input input = resolved.render().input;
  prompt::hide_fields(input, hidden == HiddenInputs::known_secrets ? resolved.secrets()
                                                                   : resolved.possible_secrets());
  return prepare_create(client, resolved.ref(), input, create_options(request, /*waits=*/true));
}

}  // namespace rellama
