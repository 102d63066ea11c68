#include "rellama/generate.hpp"

#include <memory>
#include <utility>

#include "generate/resolve.hpp"
#include "rellama/error.hpp"

namespace rellama {
namespace {

// Long enough to get a short answer in one round trip. Short enough that little keeps running if
// the user interrupts before the ID is known.
constexpr std::chrono::seconds kWait{5};

constexpr std::chrono::seconds kCancelTimeout{2};

// Whether the create request waits for the answer.
enum class Wait { no, if_polling };

CreateOptions create_options(const GenerateRequest& request, Wait wait) {
  const bool waits = wait == Wait::if_polling && request.delivery == Delivery::poll;
  return {.delivery = request.delivery,
          .wait = waits ? kWait : std::chrono::seconds{0},
          .cancel_after = request.cancel_after};
}

// The latest version of a model that turned out not to be official: such a model can be run only by
// version (docs/protocol.md §2). `not_found` is the error from the official endpoint.
std::unique_ptr<ResolvedModel> resolve_version(Client& client, const GenerateRequest& request,
                                               const ModelName& name, const Error& not_found,
                                               const StopToken& stop) {
  auto model = fetch_model(client, request, stop);
  if (!model) throw not_found;  // there is no such model
  if (model->latest_version.id.empty()) {
    throw Error(ErrorKind::not_found,
                {.failed = "cannot run " + render_model_ref(name),
                 .why = "it has no version to run",
                 .remedy = "choose another model on https://replicate.com/explore"});
  }
  model->is_official = false;
  if (request.models) request.models->keep(request.model, *model);
  return std::make_unique<ResolvedModel>(request, *model);
}

// Fetches the model's own schema if it is needed and available.
std::unique_ptr<ResolvedModel> resolve(Client& client, const GenerateRequest& request,
                                       const StopToken& stop) {
  auto resolved = std::make_unique<ResolvedModel>(request);
  if (!resolved->needs_schema()) return resolved;
  const auto model = fetch_model(client, request, stop);
  return model ? std::make_unique<ResolvedModel>(request, *model) : std::move(resolved);
}

// A prediction, and how its conversation was fitted into the context window.
struct Created {
  Prediction prediction;
  PromptFit fit;
};

Created create(Client& client, const GenerateRequest& request, Wait wait, const StopToken& stop) {
  const CreateOptions options = create_options(request, wait);
  const auto resolved = resolve(client, request, stop);
  const auto* name = std::get_if<ModelName>(&request.model);
  const auto send = [&](const ResolvedModel& to) {
    const prompt::RenderedPrompt rendered = to.render();
    Created created{client.create(to.ref(), rendered.input, options, stop), rendered.fit};
    created.prediction.output_kind = to.output_kind();
    return created;
  };
  try {
    return send(*resolved);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found || name == nullptr) throw;
    const auto version = resolve_version(client, request, *name, error, stop);
    if (version->ref() == resolved->ref()) throw;  // this version was tried already
    // The version may be of another build, so render the input again.
    return send(*version);
  }
}

// Tries once to cancel a prediction whose output is no longer wanted. Ignores failures, so that
// they do not hide the reason for canceling.
void cancel_quietly(Client& client, const Prediction& prediction) noexcept {
  try {
    const StopSource limit(std::chrono::steady_clock::now() + kCancelTimeout);
    client.cancel(prediction, limit.token());
  } catch (const std::exception&) {
  }
}

}  // namespace

Prediction generate(Client& client, const GenerateRequest& request, EventSink& sink,
                    const StopToken& stop) {
  const auto [created, fit] = create(client, request, Wait::if_polling, stop);
  try {
    stop.throw_if_stopped(created.id.value);
    if (is_conversation(request)) sink.prompt_fitted(fit);
    sink.created(created);
    return client.follow(created, request.delivery, sink, stop);
  } catch (...) {  // canceling a prediction that has ended has no effect
    cancel_quietly(client, created);
    throw;
  }
}

Prediction submit(Client& client, const GenerateRequest& request, const StopToken& stop) {
  Prediction created = create(client, request, Wait::no, stop).prediction;
  try {
    stop.throw_if_stopped(created.id.value);
  } catch (const Error&) {
    cancel_quietly(client, created);
    throw;
  }
  return created;
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

PreparedRequest prepare_generate(const ClientOptions& client, const GenerateRequest& request) {
  const ResolvedModel resolved(request);
  return prepare_create(client, resolved.ref(), resolved.render().input,
                        create_options(request, Wait::if_polling));
}

}  // namespace rellama
