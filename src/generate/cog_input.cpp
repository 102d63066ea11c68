#include "generate/cog_input.hpp"

#include "generate/resolve.hpp"
#include "prompt/build.hpp"
#include "prompt/render.hpp"
#include "rellama/error.hpp"

namespace rellama {
namespace {

using http::Event;
using http::Step;

// The name of the model in messages.
const ModelRef kContainer = ModelName{"cog", "container"};

}  // namespace

FetchCogSchema::FetchCogSchema(const cog::Connection& connection, const GenerateRequest& request)
    : is_needed_(request.validation != Validation::none), exchange_(connection, cog::kSchema) {}

Step FetchCogSchema::handle(const Event& event) {
  if (event.kind == Event::Kind::start && !is_needed_) return Step::done();
  try {
    Step step = exchange_.handle(event);
    if (step.kind == Step::Kind::done)
      schema_ = prompt::InputSchema::parse({exchange_.take_body()});
    return step;
  } catch (const Error& error) {
    switch (error.kind()) {
      case ErrorKind::not_found:
      case ErrorKind::server:
      case ErrorKind::network: return Step::done();  // not up yet: the run waits for it
      default: throw;
    }
  }
}

prompt::RenderedPrompt render_for_cog(const GenerateRequest& request,
                                      const std::optional<prompt::InputSchema>& schema) {
  prompt::Target target{.model = kContainer,
                        .build = {},
                        .validation = request.validation,
                        .files = prompt::Files::inlined};
  if (schema) {
    target.schema = &*schema;
    target.build = schema->build();
  } else {
    target.build = prompt::find_build(kContainer, {});
  }
  return render_request(target, nullptr, request, request.parameters);
}

}  // namespace rellama
