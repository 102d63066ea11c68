#include "terminal/json_printer.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "rellama/outcome.hpp"
#include "terminal/json_line.hpp"
#include "wire/json_document.hpp"

namespace rellama::terminal {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(std::string_view text) {
  return text.empty() ? Json() : Json(text);
}

Json parse_or_null(const std::string& text) {
  Json value = wire::find_json(text);
  return value.is_discarded() ? Json() : value;
}

Json status_of(const Prediction& prediction) {
  if (prediction.status != Status::unknown) return render_status(prediction.status);
  return text_or_null(prediction.status_text);
}

// The output in a final object is exact. If the run ended without one, `arrived` may be longer.
Json output_of(const Prediction& prediction, std::string_view arrived) {
  const Output& output = prediction.output;
  if (!output.json().empty()) return parse_or_null(output.json());
  if (arrived.size() > output.text().size()) return arrived;
  return output.empty() ? Json() : Json(output.text());
}

void add_answer(Json& object, const Prompt& prompt, const Prediction& prediction,
                std::string_view arrived, std::string_view error) {
  const Json metrics = parse_or_null(prediction.metrics.text);
  object["model"] = text_or_null(prompt.model.empty() ? prediction.model : prompt.model);
  object["version"] = text_or_null(prediction.version);
  object["id"] = text_or_null(prediction.id.value);
  object["prompt"] = prompt.prompt;
  object["output"] = output_of(prediction, arrived);
  object["status"] = status_of(prediction);
  object["metrics"] = metrics.is_object() ? metrics : Json();
  object["error"] = text_or_null(error);
}

Json make_event(const char* name) {
  Json event;
  event["format"] = "rellama.events/1";
  event["event"] = name;
  return event;
}

}  // namespace

JsonPrinter::JsonPrinter(OutputStream& out, Prompt prompt)
    : out_(out), prompt_(std::move(prompt)) {}

void JsonPrinter::created(const Prediction& prediction) {
  latest_ = prediction;
}

void JsonPrinter::status_changed(Status status) {
  latest_.status = status;
}

void JsonPrinter::output(std::string_view text) {
  text_ += text;
}

void JsonPrinter::done(const Prediction& prediction) {
  print(prediction, reason_of(prediction));
}

void JsonPrinter::fail(const Error& error) {
  print(latest_, error.what());
}

void JsonPrinter::print(const Prediction& prediction, std::string_view error) {
  if (std::exchange(ended_, true)) return;
  Json object;
  object["format"] = "rellama.answer/1";
  add_answer(object, prompt_, prediction, text_, error);
  out_.write(render_json_line(object, out_));
}

JsonlPrinter::JsonlPrinter(OutputStream& out, Prompt prompt)
    : out_(out), prompt_(std::move(prompt)) {}

void JsonlPrinter::created(const Prediction& prediction) {
  latest_ = prediction;
  Json event = make_event("created");
  event["model"] = text_or_null(prompt_.model.empty() ? prediction.model : prompt_.model);
  event["version"] = text_or_null(prediction.version);
  event["id"] = text_or_null(prediction.id.value);
  event["status"] = status_of(prediction);
  buffer_ += render_json_line(event, out_);
}

void JsonlPrinter::status_changed(Status status) {
  latest_.status = status;
  Json event = make_event("status");
  event["status"] = render_status(status);
  buffer_ += render_json_line(event, out_);
}

void JsonlPrinter::output(std::string_view text) {
  text_ += text;
  Json event = make_event("output");
  event["text"] = text;
  buffer_ += render_json_line(event, out_);
}

void JsonlPrinter::flush() {
  if (!ended_) write_buffer();
}

void JsonlPrinter::done(const Prediction& prediction) {
  if (ended_) return;
  Json event = make_event("done");
  add_answer(event, prompt_, prediction, text_, reason_of(prediction));
  buffer_ += render_json_line(event, out_);
  write_buffer();
  ended_ = true;
}

void JsonlPrinter::fail(const Error& error) {
  if (ended_) return;
  Json event = make_event("error");
  event["kind"] = traits(error.kind()).name;
  add_answer(event, prompt_, latest_, text_, error.what());
  buffer_ += render_json_line(event, out_);
  write_buffer();
  ended_ = true;
}

void JsonlPrinter::write_buffer() {
  if (buffer_.empty()) return;
  try {
    out_.write(buffer_);
  } catch (...) {
    ended_ = true;
    throw;
  }
  buffer_.clear();
}

}  // namespace rellama::terminal
