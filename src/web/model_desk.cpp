#include "web/model_desk.hpp"

#include <exception>
#include <system_error>
#include <utility>

#include "options/users_catalogue.hpp"
#include "rellama/error.hpp"
#include "run/model_cache.hpp"
#include "web/model_json.hpp"
#include "web/reply.hpp"

namespace rellama::web {
namespace {

constexpr const char* kContainer = "container";

httpd::Reply render_found(const ModelRef& ref, const Model& model) {
  const auto schema = prompt::InputSchema::parse(model.latest_version.openapi_schema);
  return json_reply(200,
                    render_model({.ref = render_model_ref(ref), .description = model.description},
                                 schema ? &*schema : nullptr));
}

}  // namespace

ModelDesk::ModelDesk(const RequestMaker& maker, Fetch fetch)
    : maker_(maker), fetch_(std::move(fetch)) {}

ModelDesk::~ModelDesk() {
  {
    const std::lock_guard lock(mutex_);
    is_closing_ = true;
  }
  StopSource(stop_).request(ErrorKind::interrupted);
  if (thread_.joinable()) thread_.join();
}

void ModelDesk::describe(const std::string& text, Done done) {
  if (maker_.container()) return enqueue({.ref = {}, .done = std::move(done)});
  try {
    const Catalogue catalogue = program::read_catalogue(maker_.context());
    const ModelRef ref = catalogue.parse_model_ref(text.empty() ? maker_.defaults().model : text);
    if (auto known = find_known_model(ref, catalogue))
      return done(json_reply(200, *std::move(known)));
    if (!maker_.is_demo()) {
      program::ModelCache cache(maker_.context(), maker_.client_options().base_url);
      if (const auto stored = cache.find(ref)) return done(render_found(ref, *stored));
    }
    enqueue({.ref = ref, .done = std::move(done)});
  } catch (const Error& error) {
    Refusal refusal = refusal_of(error);
    refusal.param = "ref";
    done(refuse(refusal));
  }
}

void ModelDesk::enqueue(Question question) {
  const std::lock_guard lock(mutex_);
  questions_.push_back(std::move(question));
  if (std::exchange(is_running_, true)) return;
  if (thread_.joinable()) thread_.join();  // it has ended, or is about to
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    is_running_ = false;
    for (const Question& waiting : std::exchange(questions_, {})) {
      waiting.done(refuse({.status = 503, .message = "no thread could be started"}));
    }
  }
}

void ModelDesk::run() {
  while (true) {
    std::vector<Question> questions;
    {
      const std::lock_guard lock(mutex_);
      questions.swap(questions_);
      is_running_ = !questions.empty() && !is_closing_;
      if (!is_running_) return;
    }
    for (const Question& question : questions) question.done(fetch_and_render(question.ref));
  }
}

// Its runs need it too: it tells which inputs are not to be recorded.
void ModelDesk::keep(const ModelRef& ref, const Model& model) const {
  if (maker_.container()) return maker_.keep_schema(model.latest_version.openapi_schema);
  if (maker_.is_demo()) return;
  program::ModelCache(maker_.context(), maker_.client_options().base_url).keep(ref, model);
}

// A model without a readable schema can be run all the same.
httpd::Reply ModelDesk::fetch_and_render(const ModelRef& ref) const {
  const std::string name = maker_.container() ? kContainer : render_model_ref(ref);
  const std::string kind = maker_.container() ? kContainer : "other";
  try {
    const Model model = fetch_(ref, stop_.token());
    keep(ref, model);
    const auto schema = prompt::InputSchema::parse(model.latest_version.openapi_schema);
    return json_reply(200,
                      render_model({.ref = name, .kind = kind, .description = model.description},
                                   schema ? &*schema : nullptr));
  } catch (const std::exception& error) {
    return json_reply(200,
                      render_model({.ref = name, .kind = kind, .error = error.what()}, nullptr));
  }
}

}  // namespace rellama::web
