// Creates, gets, lists, cancels and streams predictions (docs/protocol.md §2, §4, §5).

#include <algorithm>
#include <charconv>

#include "emulator/catalogue.hpp"
#include "emulator/event_stream.hpp"
#include "emulator/pages.hpp"
#include "emulator/pending_reply.hpp"
#include "emulator/service.hpp"
#include "emulator/validation.hpp"

namespace rellama::emulator {
namespace {

constexpr std::chrono::seconds kLongestWait(60);
constexpr std::chrono::seconds kShortestDeadline(5);
constexpr std::chrono::seconds kLongestDeadline(24 * 60 * 60);

Reply unknown_version() {
  return problem(422, "Invalid version or not permitted",
                 "There is no such version, or you are not permitted to use it");
}

Reply bad_header(const std::string& name, const std::string& description) {
  return invalid({{"invalid_header", name, description}});
}

/// What the headers of a create request ask for.
struct CreateHeaders {
  std::optional<std::chrono::seconds> wait = {};
  std::optional<std::chrono::seconds> cancel_after = {};
  std::optional<Reply> refusal = {};
};

/// Parses `wait` or `wait=n`. Zero means that it is neither.
std::chrono::seconds parse_wait(std::string_view value) {
  if (value == "wait") return kLongestWait;
  constexpr std::string_view kName = "wait=";
  if (!value.starts_with(kName)) return {};
  value.remove_prefix(kName.size());
  int seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  const bool whole = error == std::errc{} && end == value.data() + value.size();
  if (!whole || seconds < 1 || std::chrono::seconds(seconds) > kLongestWait) return {};
  return std::chrono::seconds(seconds);
}

CreateHeaders read_headers(const RecordedRequest& request) {
  CreateHeaders headers;
  if (const std::string prefer = request.header("Prefer"); !prefer.empty()) {
    headers.wait = parse_wait(prefer);
    if (headers.wait->count() == 0) {
      headers.refusal = bad_header("Prefer", "Must be wait or wait=n with n from 1 to 60");
    }
  }
  if (const std::string after = request.header("Cancel-After"); !after.empty()) {
    headers.cancel_after = parse_duration(after);
    if (!headers.cancel_after || *headers.cancel_after < kShortestDeadline ||
        *headers.cancel_after > kLongestDeadline) {
      headers.refusal = bad_header("Cancel-After", "Must be a duration from 5s to 24h");
    }
  }
  return headers;
}

/// The body of a create request, or why it is refused.
struct CreateBody {
  Json json = nullptr;
  std::optional<Reply> refusal = {};
};

CreateBody read_body(const Request& request, BodyKind kind) {
  Json json = Json::parse(request.recorded.body, nullptr, false);
  if (json.is_discarded()) {
    return {.refusal = problem(400, "Bad request", "The body of the request is not JSON")};
  }
  const auto wrong = check_body(json, kind);
  if (!wrong.empty()) return {.refusal = invalid(wrong)};
  return {.json = std::move(json)};
}

void read_webhook(const Json& body, Prediction& made) {
  if (body.contains("webhook")) {
    made.webhook = body["webhook"];
    for (const Json& event : body.value("webhook_events_filter", Json::array())) {
      made.webhook_events.push_back(event.get<std::string>());
    }
  } else if (body.contains("webhook_completed")) {
    made.webhook = body["webhook_completed"];
    made.webhook_events = {"completed"};
  }
}

}  // namespace

Reply Service::create_by_version(const Call& call) {
  const CreateBody body = read_body(call.request, BodyKind::with_version);
  if (body.refusal) return *body.refusal;
  const auto reference = body.json["version"].get<std::string>();
  const std::size_t colon = reference.find(':');
  const std::string id = colon == std::string::npos ? reference : reference.substr(colon + 1);

  if (const Model* model = find_model_of_version(id)) {
    if (colon != std::string::npos && reference.substr(0, colon) != model->full_name()) {
      return unknown_version();
    }
    return create(call, body.json, {*model, *model->latest.build, id});
  }
  const Model* model = find_model(reference);
  if (model == nullptr || model->official == nullptr) return unknown_version();
  return create(call, body.json, {*model, *model->official, model->official_version()});
}

Reply Service::create_by_model(const Call& call) {
  const Model* model = find_model(call.names[0], call.names[1]);
  // Only official models have an endpoint of their own: docs/protocol.md §2.
  if (model == nullptr || model->official == nullptr) return not_found();
  const CreateBody body = read_body(call.request, BodyKind::by_name);
  if (body.refusal) return *body.refusal;
  return create(call, body.json, {*model, *model->official, model->official_version()});
}

Reply Service::create_by_deployment(const Call& call) {
  const Deployment* deployment = find_deployment(call.names[0], call.names[1]);
  if (deployment == nullptr) return not_found();
  const CreateBody body = read_body(call.request, BodyKind::by_name);
  if (body.refusal) return *body.refusal;
  const Model* model = find_model(deployment->model);
  return create(
      call, body.json,
      {*model, *model->official, model->official_version(), call.names[0] + "/" + call.names[1]});
}

Reply Service::create(const Call& call, const Json& body, const Target& target) {
  CreateHeaders headers = read_headers(call.request.recorded);
  if (headers.refusal) return *headers.refusal;
  const auto wrong = check_input(target.build, body["input"]);
  if (!wrong.empty()) return invalid(wrong);

  Prediction made;
  made.model = target.model.full_name();
  made.version = target.version;
  made.deployment = target.deployment;
  made.input = body["input"];
  read_webhook(body, made);
  made.script = write_script(target.build, made.input, options_.context_window);
  if (target.build.output == OutputShape::files) {
    made.script.tokens = paint_files(made.input, call.request.origin);
  }
  made.cuts_characters = target.build.reply_mode == ReplyMode::echo_bytes;
  made.pace = {options_.cold_boot, options_.token_rate};
  made.cancel_after = headers.cancel_after;
  made.retention = options_.retention;
  if (const auto fault = faults_.take(Place::predict, [](const Fault&) { return true; });
      fault && fault->kind != FaultKind::ok) {
    apply_fault(made.script, *fault);
  }
  const bool hidden =
      faults_
          .take(Place::model, [](const Fault& fault) { return fault.kind == FaultKind::no_stream; })
          .has_value();
  const bool grows =
      target.build.output == OutputShape::tokens || target.build.output == OutputShape::files;
  const bool streams = grows && !hidden;
  const PredictionPtr prediction = store_.add(std::move(made), streams);
  webhooks_.follow(prediction, call.request.origin);
  if (call.fault && call.fault->kind == FaultKind::lost) {
    return {.ending = Reply::Ending::closed};
  }

  const auto created = [prediction, origin = call.request.origin](const Progress& progress) {
    View view = View::created;
    if (progress.status == Status::succeeded) {
      view = View::lagging;
    } else if (is_terminal(progress.status)) {
      view = View::current;
    }
    return json_reply(prediction_json(*prediction, progress, view, origin), 201);
  };
  if (!headers.wait) return created(Progress{});
  Reply reply;
  reply.headers.emplace_back("Preference-Applied", call.request.recorded.header("Prefer"));
  reply.pending =
      std::make_shared<PendingReply>(store_, prediction, Clock::now() + *headers.wait, created);
  return reply;
}

Reply Service::get_prediction(const Call& call) {
  const PredictionPtr prediction = store_.find(call.names[0]);
  if (!prediction) return not_found();
  const Progress progress = store_.progress(*prediction);
  const bool lags =
      is_terminal(progress.status) && faults_.take(Place::get, [](const Fault& fault) {
        return fault.kind == FaultKind::processing;
      });
  return json_reply(prediction_json(*prediction, progress, lags ? View::lagging : View::current,
                                    call.request.origin));
}

Reply Service::cancel_prediction(const Call& call) {
  const PredictionPtr prediction = store_.find(call.names[0]);
  if (!prediction) return not_found();
  store_.cancel(*prediction);
  return json_reply(prediction_json(*prediction, store_.progress(*prediction), View::current,
                                    call.request.origin));
}

Reply Service::list_predictions(const Call& call) {
  std::vector<PredictionPtr> found = store_.list();
  std::string filters;
  if (const std::string source = call.request.parameter("source"); source == "web") {
    found.clear();  // all of them come from the API
  } else if (!source.empty()) {
    return invalid({{"invalid_parameter", "source", "Must be web"}});
  }
  for (const char* name : {"created_after", "created_before"}) {
    const std::string text = call.request.parameter(name);
    if (text.empty()) continue;
    const auto time = parse_time(text);
    if (!time) {
      return invalid({{"invalid_parameter", name, "Must be a date or a date and time"}});
    }
    const bool after = std::string_view(name) == "created_after";
    std::erase_if(found, [&](const PredictionPtr& prediction) {
      return after ? prediction->created_wall < *time : prediction->created_wall >= *time;
    });
    filters.append(filters.empty() ? "?" : "&").append(name).append("=").append(time_text(*time));
  }

  const auto name_at = [&found](std::size_t i) { return found[i]->id; };
  const auto json_at = [&](std::size_t i) {
    return prediction_json(*found[i], store_.progress(*found[i]), View::current,
                           call.request.origin);
  };
  return json_reply(page_json({call.request.origin + "/v1/predictions" + filters,
                               call.request.parameter("cursor"), options_.prediction_page_size},
                              found.size(), name_at, json_at));
}

Reply Service::stream_prediction(const Call& call) {
  const PredictionPtr prediction = store_.find_stream(call.names[0]);
  if (!prediction) return not_found();
  if (call.fault && call.fault->kind == FaultKind::redirect) return redirect(call.request);
  Reply reply{.content_type = "text/event-stream"};
  reply.headers.emplace_back("Cache-Control", "no-store");
  const bool replays = call.fault && call.fault->kind == FaultKind::replay;
  reply.stream = std::make_shared<EventStream>(
      store_, prediction, replays ? "" : call.request.recorded.header("Last-Event-ID"),
      options_.stream_timeout, call.fault);
  return reply;
}

}  // namespace rellama::emulator
