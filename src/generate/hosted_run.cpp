#include "generate/hosted_run.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "prompt/secret_input.hpp"
#include "rellama/error.hpp"
#include "rellama/stop.hpp"
#include "wire/prediction_json.hpp"

namespace rellama {
namespace {

using http::Event;
using http::Step;

// Long enough to get a short answer in one round trip. Short enough that little keeps running if
// the user interrupts before the ID is known.
constexpr std::chrono::seconds kWait{5};

constexpr std::chrono::seconds kCancelTimeout{2};

}  // namespace

CreateOptions create_options(const GenerateRequest& request, bool waits) {
  return {.delivery = request.delivery,
          .wait = waits && request.delivery == Delivery::poll ? kWait : std::chrono::seconds{0},
          .cancel_after = request.cancel_after};
}

HostedRun::HostedRun(replicate::Api& api, const GenerateRequest& request, EventSink* sink,
                     bool waits, RunStart start)
    : api_(api), request_(request), sink_(sink), waits_(waits), start_(std::move(start)) {}

Step HostedRun::handle(const Event& event) {
  if (cancel_) return handle_cancel(event);
  try {
    return advance(event);
  } catch (...) {
    error_ = std::current_exception();
    return give_up(http::Clock::now());  // the event is old if the sink waited for its reader
  }
}

bool HostedRun::held() const {
  return follow_ && sink_->is_full();
}

Prediction HostedRun::take() {
  if (error_) rethrow(error_, prediction_.id);
  return std::move(prediction_);
}

Step HostedRun::advance(const Event& event) {
  if (event.kind == Event::Kind::stop) stop_ = event.reason;
  if (fetch_) return handle_fetch(event);
  if (pick_up_) return handle_pick_up(event);
  if (upload_) return handle_upload(event);
  if (create_) return handle_create(event);
  if (follow_) return handle_follow(event);
  return begin(event);
}

Step HostedRun::begin(const Event& event) {
  if (stop_) throw stop_error(*stop_);
  resolved_ = std::make_unique<ResolvedModel>(request_);
  if (start_.prediction) return pick_up(event.now);
  return resolved_->needs_schema() ? fetch(event.now) : prepare(event.now);
}

Step HostedRun::fetch(Time now) {
  fetch_ = std::make_unique<replicate::FetchModel>(api_, request_.model);
  return handle_fetch({.kind = Event::Kind::start, .now = now});
}

Step HostedRun::handle_fetch(const Event& event) {
  std::optional<Model> model;
  try {
    Step step = fetch_->handle(event);
    if (step.kind != Step::Kind::done) return step;
    model = fetch_->take();
    keep_model(request_, *model);
  } catch (const Error& error) {
    if (!runs_without_schema(error.kind())) throw;
  }
  fetch_.reset();
  if (not_found_) {
    use_version_of(std::move(model));
  } else if (model) {
    resolved_ = std::make_unique<ResolvedModel>(request_, *model);
  }
  return prepare(event.now);
}

// A model that turned out not to be official can be run only by version (docs/protocol.md §2).
void HostedRun::use_version_of(std::optional<Model> model) {
  if (!model) throw Error(*not_found_);  // there is no such model
  if (model->latest_version.id.empty()) {
    throw Error(ErrorKind::not_found,
                {.failed = "cannot run " + render_model_ref(request_.model),
                 .why = "it has no version to run",
                 .remedy = "choose another model on https://replicate.com/explore"});
  }
  model->is_official = false;
  keep_model(request_, *model);
  auto version = std::make_unique<ResolvedModel>(request_, *model);
  if (version->ref() == resolved_->ref()) throw Error(*not_found_);  // it was tried already
  resolved_ = std::move(version);
}

Step HostedRun::pick_up(Time now) {
  prediction_.id = *start_.prediction;
  pick_up_ = std::make_unique<replicate::FetchPrediction>(api_, prediction_.id);
  return handle_pick_up({.kind = Event::Kind::start, .now = now});
}

Step HostedRun::handle_pick_up(const Event& event) {
  Step step = pick_up_->handle(event);
  if (step.kind != Step::Kind::done) return step;
  Prediction started = pick_up_->take();
  pick_up_.reset();
  return begin_following(std::move(started), event.now);
}

// A version may be of another build than the model, so its input is rendered anew.
Step HostedRun::prepare(Time now) {
  prompt::RenderedPrompt rendered = resolved_->render(uploads_);  // rejects before any upload
  const auto next = resolved_->find_upload(uploads_);
  if (!next) return create(std::move(rendered), now);
  const InputField& field = request_.parameters.others[*next];
  upload_ = std::make_unique<replicate::Upload>(api_, std::get<FileContent>(field.value));
  uploading_ = *next;
  return handle_upload({.kind = Event::Kind::start, .now = now});
}

Step HostedRun::handle_upload(const Event& event) {
  Step step = upload_->handle(event);
  if (step.kind != Step::Kind::done) return step;
  uploads_[uploading_] = upload_->take();
  upload_.reset();
  if (stop_) throw stop_error(*stop_);
  return prepare(event.now);
}

Step HostedRun::create(prompt::RenderedPrompt rendered, Time now) {
  fit_ = rendered.fit;
  const auto secrets = resolved_->secrets();
  for (const InputField& field : rendered.input) {
    const auto* text = std::get_if<std::string>(&field.value);
    if (text == nullptr || std::find(secrets.begin(), secrets.end(), field.name) == secrets.end()) {
      continue;
    }
    api_.secrets().add(*text, prompt::kSecretMark);
  }
  create_ = std::make_unique<replicate::Create>(api_, resolved_->ref(), std::move(rendered.input),
                                                create_options(request_, waits_), start_.sent_at);
  return handle_create({.kind = Event::Kind::start, .now = now});
}

Step HostedRun::handle_create(const Event& event) {
  try {
    Step step = create_->handle(event);
    if (step.kind != Step::Kind::done) return step;
  } catch (const Error& error) {
    not_searched_ = create_->was_not_searched();
    create_.reset();
    const bool is_name = std::holds_alternative<ModelName>(request_.model);
    if (error.kind() != ErrorKind::not_found || !is_name || not_found_) throw;
    not_found_ = error;
    return fetch(event.now);
  }
  Prediction created = create_->take();
  create_.reset();
  return begin_following(std::move(created), event.now);
}

Step HostedRun::begin_following(Prediction created, Time now) {
  created.output_kind = resolved_->output_kind();
  // From here on it can be canceled, even if there is no memory for the rest.
  prediction_.id = std::move(created.id);
  created.id = prediction_.id;
  prediction_.status = created.status;
  prediction_.get_url = created.get_url;
  prediction_.cancel_url = created.cancel_url;
  resolved_.reset();
  if (stop_) throw stop_error(*stop_, created.id.value);
  if (sink_ != nullptr) return follow(std::move(created), now);
  api_.hide_secrets(created.output);
  prediction_ = std::move(created);
  return Step::done();
}

Step HostedRun::follow(Prediction created, Time now) {
  if (is_conversation(request_)) sink_->prompt_fitted(fit_);
  Output output = created.output;  // Follow has to compare it as it is
  api_.hide_secrets(created.output);
  sink_->created(created);
  created.output = std::move(output);
  follow_ =
      std::make_unique<replicate::Follow>(api_, std::move(created), request_.delivery, *sink_);
  return handle_follow({.kind = Event::Kind::start, .now = now});
}

Step HostedRun::handle_follow(const Event& event) {
  Step step = follow_->handle(event);
  if (step.kind == Step::Kind::done) prediction_ = follow_->take();
  return step;
}

// Tries once to cancel a prediction whose output is no longer wanted. Canceling one that has ended
// has no effect.
Step HostedRun::give_up(Time now) {
  // A run that could not be read can be read later. What it costs is paid either way.
  const bool goes_on = (follow_ && follow_->lost_contact()) || (pick_up_ && !stop_);
  follow_.reset();
  pick_up_.reset();
  if (goes_on || prediction_.id.value.empty()) return Step::done();
  auto plan = replicate::plan_cancel(api_, prediction_,
                                     {.failed = "cannot cancel the prediction",
                                      .host = api_.endpoint().host(),
                                      .prediction_id = prediction_.id.value});
  plan.limit = now + kCancelTimeout;
  plan.on_stop = replicate::OnStop::finish;
  cancel_ = std::make_unique<replicate::Exchange>(api_, std::move(plan));
  return handle_cancel({.kind = Event::Kind::start, .now = now});
}

// Ignores failures, so that they do not hide the reason for canceling.
Step HostedRun::handle_cancel(const Event& event) {
  try {
    Step step = cancel_->handle(event);
    if (step.kind == Step::Kind::done) read_canceled(cancel_->take_response().body);
    return step;
  } catch (const std::exception&) {
    return Step::done();
  }
}

// Whether it was canceled is for the server to say.
void HostedRun::read_canceled(const std::string& body) {
  std::string damage;
  const Prediction canceled = wire::parse_damaged_prediction(body, damage);
  if (canceled.id != prediction_.id) return;
  prediction_.status = canceled.status;
  prediction_.status_text = canceled.status_text;
}

}  // namespace rellama
