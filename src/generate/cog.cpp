// Runs a prompt with a model in a Cog container.

#include "rellama/cog.hpp"

#include <optional>

#include "generate/resolve.hpp"
#include "prompt/input_schema.hpp"
#include "prompt/render.hpp"
#include "rellama/error.hpp"

namespace rellama {
namespace {

// The name of the model in messages.
const ModelRef kContainer = ModelName{"cog", "container"};

prompt::Target target_for(const GenerateRequest& request,
                          const std::optional<prompt::InputSchema>& schema) {
  prompt::Target target{.model = kContainer, .build = {}, .validation = request.validation};
  if (schema) {
    target.schema = &*schema;
    target.build = schema->build();
  } else {
    target.build = prompt::find_build(kContainer, {});
  }
  return target;
}

// The model's inputs, if they are available. The container validates them as well.
std::optional<prompt::InputSchema> fetch_schema(CogClient& client, const GenerateRequest& request,
                                                const StopToken& stop) {
  if (request.validation == Validation::none) return std::nullopt;
  try {
    return prompt::InputSchema::parse(client.schema(stop));
  } catch (const Error& error) {
    switch (error.kind()) {
      case ErrorKind::not_found:
      case ErrorKind::server:
      case ErrorKind::network: return std::nullopt;  // not up yet: the run waits for it
      default: throw;
    }
  }
}

// A container does not tell the model's family, so its schema decides the conversation format.
prompt::RenderedPrompt render(const GenerateRequest& request,
                              const std::optional<prompt::InputSchema>& schema) {
  return render_request(target_for(request, schema), nullptr, request);
}

}  // namespace

Prediction generate(CogClient& client, const GenerateRequest& request, EventSink& sink,
                    const StopToken& stop) {
  const auto schema = fetch_schema(client, request, stop);
  const auto [input, fit] = render(request, schema);
  if (is_conversation(request)) sink.prompt_fitted(fit);
  return client.run(input, request.delivery, sink, stop);
}

void check_generate(CogClient& client, const GenerateRequest& request, const StopToken& stop) {
  (void)render(request, fetch_schema(client, request, stop));
}

PreparedRequest prepare_generate(const CogOptions& options, const GenerateRequest& request) {
  return prepare_run(options, render(request, {}).input, request.delivery);
}

}  // namespace rellama
