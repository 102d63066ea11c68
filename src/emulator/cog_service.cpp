#include "emulator/cog_service.hpp"

#include <string_view>

#include "emulator/catalogue.hpp"
#include "emulator/cog_stream.hpp"
#include "emulator/faulty_reply.hpp"
#include "emulator/pending_reply.hpp"
#include "emulator/validation.hpp"
#include "rellama/error.hpp"

namespace rellama::emulator {
namespace {

constexpr std::string_view kPredictions = "/predictions";
constexpr std::string_view kCancel = "/cancel";

const Build& build_of(const std::string& name) {
  const Model* model = find_model(name);
  const Build* build = model == nullptr             ? nullptr
                       : model->official != nullptr ? model->official
                                                    : model->latest.build;
  if (build != nullptr) return *build;
  throw Error(ErrorKind::invalid_input,
              ErrorParts{.failed = "the emulator has no model '" + name + "'",
                         .remedy = "try meta/llama-2-7b-chat"});
}

Reply refuse(const std::vector<InvalidField>& fields) {
  Json detail = Json::array();
  for (const InvalidField& field : fields) {
    Json loc = Json::array({"body"});
    for (std::string_view rest = field.field; !rest.empty();) {
      const std::size_t dot = rest.find('.');
      loc.push_back(rest.substr(0, dot));
      rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
    }
    detail.push_back({{"loc", loc}, {"msg", field.description}, {"type", field.type}});
  }
  return json_reply({{"detail", detail}}, 422);
}

Reply failed(int status, std::string_view why) {
  return json_reply({{"error", why}, {"status", "failed"}}, status);
}

bool wants_events(const Request& request) {
  return request.recorded.header("Accept").find("text/event-stream") != std::string::npos;
}

}  // namespace

CogService::CogService(EmulatorOptions options)
    : options_(std::move(options)),
      faults_(options_.faults),
      build_(build_of(options_.container_model)) {}

Reply CogService::answer(const Request& request) {
  const std::string& method = request.recorded.method;
  std::string_view path = request.recorded.path;
  if (method == "GET") {
    if (path == "/") return index();
    if (path == "/health-check") return health();
    if (path == "/openapi.json") {
      const auto fault = faults_.take(Place::model, replaces_answer);
      if (fault && fault->kind != FaultKind::ok) return faulty_reply(*fault);
      return json_reply(openapi_schema(build_));
    }
  }
  if (method == "POST" && path == kPredictions) return predict(request, "");
  if (path.starts_with("/predictions/")) {
    path.remove_prefix(kPredictions.size() + 1);
    if (method == "PUT") return predict(request, std::string(path));
    if (method == "POST" && path.ends_with(kCancel)) {
      path.remove_suffix(kCancel.size());
      return cancel(std::string(path));
    }
  }
  return json_reply({{"detail", "Not Found"}}, 404);
}

Reply CogService::index() const {
  return json_reply({{"cog_version", "0.16.0"},
                     {"docs_url", "/docs"},
                     {"openapi_url", "/openapi.json"},
                     {"healthcheck_url", "/health-check"},
                     {"predictions_url", "/predictions"},
                     {"predictions_idempotent_url", "/predictions/{prediction_id}"},
                     {"predictions_cancel_url", "/predictions/{prediction_id}/cancel"}});
}

const char* CogService::state() {
  if (Clock::now() < started_ + options_.cold_boot) return "STARTING";
  if (faults_.take(Place::setup, [](const Fault&) { return true; })) return "SETUP_FAILED";
  return running() ? "BUSY" : "READY";
}

Reply CogService::health() {
  const std::string word = state();
  const bool failed = word == "SETUP_FAILED";
  return json_reply({{"status", word},
                     {"setup",
                      {{"status", failed ? "failed" : "succeeded"},
                       {"logs", failed ? "no weights found\n" : ""}}}});
}

PredictionPtr CogService::running() const {
  const std::lock_guard lock(mutex_);
  if (!latest_ || is_terminal(store_.progress(*latest_).status)) return nullptr;
  return latest_;
}

PredictionPtr CogService::begin(const Json& input, const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (latest_ && !is_terminal(store_.progress(*latest_).status)) {
    return !id.empty() && latest_->id == id ? latest_ : nullptr;
  }
  Prediction made;
  made.id = id;
  made.input = input;
  made.script = write_script(build_, input, options_.context_window);
  made.cuts_characters = build_.reply_mode == ReplyMode::echo_bytes;
  made.pace = {Clock::duration{0}, options_.token_rate};
  if (const auto fault = faults_.take(Place::predict, [](const Fault&) { return true; });
      fault && fault->kind != FaultKind::ok) {
    apply_fault(made.script, *fault);
  }
  latest_ = store_.add(std::move(made), /*streams=*/false);
  return latest_;
}

Reply CogService::predict(const Request& request, const std::string& id) {
  if (const auto fault = faults_.take(Place::create, replaces_answer);
      fault && fault->kind != FaultKind::ok) {
    return fault->kind == FaultKind::status ? failed(fault->status, "scripted failure")
                                            : faulty_reply(*fault);
  }
  const std::string_view word = state();
  if (word == "STARTING" || word == "SETUP_FAILED") return failed(503, "the model is not ready");
  const Json body = Json::parse(request.recorded.body, nullptr, false);
  if (!body.is_object() || !body.contains("input") || !body["input"].is_object()) {
    return refuse({{"missing", "input", "Field required"}});
  }
  if (const auto wrong = check_input(build_, body["input"]); !wrong.empty()) return refuse(wrong);
  if (wants_events(request) && !options_.event_streams) {
    return json_reply({{"detail", "the model does not stream"}}, 406);
  }
  const bool has_id = id.empty() && body.contains("id") && body["id"].is_string();
  const PredictionPtr prediction =
      begin(body["input"], has_id ? body["id"].get<std::string>() : id);
  if (!prediction) return failed(409, "At capacity: another prediction is running");
  if (!wants_events(request)) return wait_for(prediction);
  const auto fault = faults_.take(Place::stream, [](const Fault&) { return true; });
  return {.content_type = "text/event-stream; charset=utf-8",
          .stream = std::make_shared<CogStream>(store_, prediction, fault)};
}

Reply CogService::wait_for(const PredictionPtr& prediction) const {
  const auto finished = [prediction](const Progress& progress) {
    return json_reply(container_prediction(*prediction, progress));
  };
  return {.pending = std::make_shared<PendingReply>(store_, prediction, std::nullopt, finished)};
}

Reply CogService::cancel(const std::string& id) {
  const PredictionPtr prediction = running();
  if (!prediction || prediction->id != id) return json_reply({{"detail", "Not Found"}}, 404);
  store_.cancel(*prediction);
  return json_reply(Json::object());
}

}  // namespace rellama::emulator
