#include "replicate/create.hpp"

#include <algorithm>
#include <functional>
#include <new>
#include <utility>
#include <variant>

#include "wire/prediction_json.hpp"
#include "wire/request_json.hpp"

namespace rellama::replicate {
namespace {

using http::Event;
using http::Step;
using std::chrono::system_clock;

constexpr std::chrono::milliseconds kPause{1};

ExchangePlan plan_create(const Api& api, const SentCreate& sent, const CreateOptions& options) {
  return plan_post(api,
                   {.url = api.endpoint().create_url(sent.model),
                    .headers = create_headers(options),
                    .body = create_body(sent.model, sent.input, options)},
                   Repeat::only_if_not_accepted, options.wait,
                   {.failed = "cannot run " + render_model_ref(sent.model),
                    .host = api.endpoint().host(),
                    .billed = true});
}

Error unknown_start(const ModelRef& model) {
  return Error(ErrorKind::may_have_started,
               {.failed = "cannot run " + render_model_ref(model),
                .why = "the request was sent before, and the predictions do not tell whether it "
                       "started one",
                .remedy = "check with: rellama predictions list"});
}

}  // namespace

std::string create_body(const ModelRef& model, const Input& input, const CreateOptions& options) {
  const auto* version = std::get_if<ModelVersion>(&model);
  return wire::render_create_body({.version = version != nullptr ? version->id : std::string(),
                                   .input = input,
                                   .stream = options.delivery == Delivery::stream});
}

http::Headers create_headers(const CreateOptions& options) {
  http::Headers headers{{"Content-Type", "application/json"}};
  if (options.wait.count() > 0) {
    headers.emplace_back("Prefer", "wait=" + std::to_string(options.wait.count()));
  }
  if (options.cancel_after.count() > 0) {
    headers.emplace_back("Cancel-After", std::to_string(options.cancel_after.count()) + "s");
  }
  return headers;
}

Create::Create(Api& api, ModelRef model, Input input, const CreateOptions& options,
               std::optional<system_clock::time_point> sent_before)
    : api_(api), sent_{.model = std::move(model), .input = std::move(input)} {
  ExchangePlan plan = plan_create(api, sent_, options);
  request_ = std::hash<std::string>{}(plan.request.url + plan.request.body);
  input_ = std::hash<std::string>{}(wire::render_input(sent_.input));
  entry_.emplace(api.ledger(), request_, input_);
  exchange_.emplace(api, std::move(plan));
  if (!sent_before) return;
  sent_.sent_at = *sent_before;
  sent_.by_earlier_process = true;
}

Step Create::handle(const Event& event) {
  if (find_) return handle_search(event);
  if (starts_soon_ && event.kind == Event::Kind::time) {
    starts_soon_ = false;
    return send({.kind = Event::Kind::start, .now = event.now});
  }
  if (event.kind != Event::Kind::start) return handle_create(event);
  return sent_.by_earlier_process ? search_before(event) : send(event);
}

bool Create::is_waiting() const noexcept {
  return !find_ && (starts_soon_ || exchange_->is_waiting());
}

Step Create::send(const Event& event) {
  sent_.sent_at = system_clock::now();
  sent_.sent_tick = event.now;
  return handle_create(event);
}

Step Create::handle_create(const Event& event) {
  try {
    Step step = exchange_->handle(event);
    if (step.kind != Step::Kind::done) return step;
    const http::Response response = exchange_->take_response();
    try {
      std::string damage;
      Prediction prediction = wire::parse_damaged_prediction(response.body, damage);
      if (!damage.empty()) api_.log(LogLevel::info, "the prediction is damaged: " + damage);
      api_.hide_secrets(prediction);
      return done(std::move(prediction));
    } catch (const Error& error) {
      throw exchange_->unreadable(response, error.parts().why);
    } catch (const std::bad_alloc&) {
      throw exchange_->unreadable(response, http::kNoMemory);
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::may_have_started) throw;
    return search(event, error);
  }
}

Step Create::search(const Event& event, const Error& lost) {
  lost_ = lost;
  entry_->lost();
  // After a stop there is no time for more than one search.
  const auto limit = exchange_->was_stopped() ? event.now + Exchange::kGrace : http::Step::kNever;
  find_.emplace(api_, sent_, *entry_, limit);
  return handle_search({.kind = Event::Kind::start, .now = event.now});
}

Step Create::search_before(const Event& event) {
  const auto ago = std::max(system_clock::now() - sent_.sent_at, system_clock::duration{0});
  sent_.sent_tick = event.now - std::chrono::duration_cast<http::Clock::duration>(ago);
  entry_->lost();
  find_.emplace(api_, sent_, *entry_, http::Step::kNever);
  return handle_search({.kind = Event::Kind::start, .now = event.now});
}

Step Create::handle_search(const Event& event) {
  Step step = find_->handle(event);
  if (step.kind != Step::Kind::done) return step;
  auto found = find_->take();
  if (sent_.by_earlier_process) {
    if (found) return done(*std::move(found));
    if (!find_->is_certain()) throw unknown_start(sent_.model);
    find_.reset();
    sent_.by_earlier_process = false;
    entry_->started_nothing();
    entry_.emplace(api_.ledger(), request_, input_);
    starts_soon_ = true;  // a stop during the pause keeps it from being sent
    return Step::sleep(event.now + kPause);
  }
  if (!found) throw Error(*lost_);
  api_.log(LogLevel::warning, "the response to the create request was lost (" + lost_->parts().why +
                                  "); continuing with prediction " + found->id.value +
                                  ", which it started");
  return done(*std::move(found));
}

Step Create::done(Prediction prediction) {
  entry_->started(prediction.id.value);
  created_ = std::move(prediction);
  return Step::done();
}

}  // namespace rellama::replicate
