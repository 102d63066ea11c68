// One prompt to a model in a Cog container.

#include "rellama/cog.hpp"

#include <optional>

#include "generate/resolve.hpp"
#include "prompt/input_schema.hpp"
#include "prompt/render.hpp"
#include "rellama/error.hpp"

namespace rellama {
namespace {

// For messages: whose input it is.
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

// What the model takes, where it says so: the container itself checks as well.
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

// Which family the model is of a container does not say: a conversation goes by its schema.
prompt::RenderedConversation render(const GenerateRequest& request,
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

PreparedRequest prepare_generate(const CogOptions& options, const GenerateRequest& request) {
  return prepare_run(options, render(request, {}).input, request.delivery);
}

}  // namespace rellama
