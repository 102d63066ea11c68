#include "rellama/generate.hpp"

#include <utility>

#include "prompt/build.hpp"
#include "prompt/render.hpp"
#include "rellama/error.hpp"

namespace rellama {
namespace {

// Long enough for a short answer to come home in one round trip, short enough that a user who
// interrupts before the id is known leaves little running.
constexpr std::chrono::seconds kWait{5};

// How long an orderly end may take.
constexpr std::chrono::seconds kCancelTime{2};

Input render(const ModelRef& model, const GenerateRequest& request) {
  return prompt::render_input(model, prompt::find_build(model), request.prompt, request.parameters);
}

// Whether the create request itself is to wait for the answer.
enum class Wait { no, if_polling };

CreateOptions create_options(const GenerateRequest& request, Wait wait) {
  const bool waits = wait == Wait::if_polling && request.delivery == Delivery::poll;
  return {.delivery = request.delivery,
          .wait = waits ? kWait : std::chrono::seconds{0},
          .cancel_after = request.cancel_after};
}

// The latest version of a model that is not official, which only versions can be run of
// (docs/protocol.md §2). `refusal` is what the official endpoint said.
ModelVersion latest_version(Client& client, const ModelName& name, const Error& refusal,
                            const StopToken& stop) {
  try {
    const Model model = client.model(name, stop);
    if (!model.latest_version_id.empty()) return {model.latest_version_id, name};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    throw refusal;  // no such model at all: the first answer says it as well
  }
  throw Error(ErrorKind::not_found,
              {.failed = "cannot run " + render_model_ref(name),
               .why = "it has no version that can be run",
               .remedy = "choose another model on https://replicate.com/explore"});
}

Prediction create(Client& client, const GenerateRequest& request, Wait wait,
                  const StopToken& stop) {
  const CreateOptions options = create_options(request, wait);
  const auto* name = std::get_if<ModelName>(&request.model);
  try {
    return client.create(request.model, render(request.model, request), options, stop);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found || name == nullptr) throw;
    const ModelRef version = latest_version(client, *name, error, stop);
    // Another build may stand behind the version: the input is rendered anew.
    return client.create(version, render(version, request), options, stop);
  }
}

// One try, within a bounded time, that nothing goes on running that nobody reads. It cannot be
// allowed to fail louder than what made us stop.
void cancel_quietly(Client& client, const Prediction& prediction) noexcept {
  try {
    const StopSource limit(std::chrono::steady_clock::now() + kCancelTime);
    client.cancel(prediction, limit.token());
  } catch (const std::exception&) {
  }
}

}  // namespace

Prediction generate(Client& client, const GenerateRequest& request, EventSink& sink,
                    const StopToken& stop) {
  const Prediction created = create(client, request, Wait::if_polling, stop);
  try {
    stop.throw_if_stopped(created.id.value);
    sink.created(created);
    return client.follow(created, request.delivery, sink, stop);
  } catch (...) {  // whatever it was; cancelling what is over already does no harm
    cancel_quietly(client, created);
    throw;
  }
}

Prediction submit(Client& client, const GenerateRequest& request, const StopToken& stop) {
  Prediction created = create(client, request, Wait::no, stop);
  try {
    stop.throw_if_stopped(created.id.value);
  } catch (const Error&) {
    cancel_quietly(client, created);
    throw;
  }
  return created;
}

void check_generate(const GenerateRequest& request) {
  (void)render(request.model, request);
}

PreparedRequest prepare_generate(const ClientOptions& client, const GenerateRequest& request) {
  return prepare_create(client, request.model, render(request.model, request),
                        create_options(request, Wait::if_polling));
}

}  // namespace rellama
