#include "wire/prediction_json.hpp"

#include <algorithm>
#include <iterator>

#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

Output read_output(const Json& value) {
  Output output;
  if (value.is_string()) {
    output.append(value.get_ref<const std::string&>());
    return output;
  }
  const bool is_text =
      value.is_array() &&
      std::all_of(value.begin(), value.end(), [](const Json& piece) { return piece.is_string(); });
  if (is_text) {
    for (const Json& piece : value) output.append(piece.get_ref<const std::string&>());
  } else if (!value.is_null()) {
    output.set_json(render_json(value));
  }
  return output;
}

// The fields that are read; what a server adds to them is not worth its memory.
bool is_known(std::string_view field) {
  constexpr std::string_view kFields[] = {
      "id",   "model",   "version",    "status",     "input",        "output", "error",
      "logs", "metrics", "created_at", "started_at", "completed_at", "urls",   "data_removed"};
  return std::find(std::begin(kFields), std::end(kFields), field) != std::end(kFields);
}

// Takes the strings of `output` out of a prediction while it is parsed: an answer of 200,000 tokens
// is never held as so many JSON values.
class OutputCollector {
 public:
  bool operator()(int depth, Json::parse_event_t event, Json& value) {
    using Event = Json::parse_event_t;
    if (depth == kMemberDepth) {
      if (event == Event::key) {
        start_member(value == "output");
        return is_known(value.get_ref<const std::string&>());
      }
      if (event == Event::array_start) collecting_ = in_output_;
      if (event == Event::array_end) collecting_ = false;
    } else if (depth == kMemberDepth + 1 && collecting_) {
      if (event == Event::value && value.is_string()) {
        output.append(value.get_ref<const std::string&>());
        return false;
      }
      is_text = false;
    }
    return true;
  }

  Output output;
  bool is_text = true;  // nothing but strings was found

 private:
  // Of a key that comes twice the last one counts, here as in the document.
  void start_member(bool is_output) {
    in_output_ = is_output;
    if (!is_output) return;
    output = Output();
    is_text = true;
  }

  static constexpr int kMemberDepth = 1;
  bool in_output_ = false;
  bool collecting_ = false;
};

// `error` is a string by the documentation; one official client takes it for any JSON.
std::string read_error(const Json& object) {
  const auto found = object.find("error");
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : render_json(*found);
}

JsonText read_object(const Json& object, const char* key) {
  const auto found = object.find(key);
  return {found != object.end() && found->is_object() ? render_json(*found) : std::string()};
}

Prediction read_prediction(const Json& object) {
  if (!object.is_object()) {
    throw Error(ErrorKind::server, {.failed = "the server's answer cannot be read",
                                    .why = "the prediction is not a JSON object"});
  }
  Prediction prediction;
  prediction.id.value = string_at(object, "id");
  if (prediction.id.value.empty()) {
    throw Error(ErrorKind::server, {.failed = "the server's answer cannot be read",
                                    .why = "the prediction has no id"});
  }
  prediction.model = string_at(object, "model");
  prediction.version = string_at(object, "version");
  prediction.status_text = string_at(object, "status");
  prediction.status = parse_status(prediction.status_text);
  prediction.input = read_object(object, "input");
  if (const auto output = object.find("output"); output != object.end()) {
    prediction.output = read_output(*output);
  }
  prediction.error = read_error(object);
  prediction.logs = string_at(object, "logs");
  prediction.metrics = read_object(object, "metrics");
  prediction.created_at = string_at(object, "created_at");
  prediction.started_at = string_at(object, "started_at");
  prediction.completed_at = string_at(object, "completed_at");
  if (const auto urls = object.find("urls"); urls != object.end() && urls->is_object()) {
    prediction.get_url = string_at(*urls, "get");
    prediction.cancel_url = string_at(*urls, "cancel");
    prediction.stream_url = string_at(*urls, "stream");
  }
  const auto removed = object.find("data_removed");
  prediction.data_removed = removed != object.end() && *removed == true;
  return prediction;
}

}  // namespace

Prediction parse_prediction(std::string_view json) {
  OutputCollector collector;
  const Json document = parse_document(json, "the prediction", std::ref(collector));
  // Strings among other things: they are one JSON value together, and the rare case.
  if (!collector.is_text) return read_prediction(parse_document(json, "the prediction"));
  Prediction prediction = read_prediction(document);
  if (!collector.output.empty()) prediction.output = std::move(collector.output);
  return prediction;
}

PredictionPage parse_prediction_page(std::string_view json) {
  const Json document = parse_document(json, "the list of predictions");
  const auto results = document.find("results");
  if (results == document.end() || !results->is_array()) {
    throw Error(ErrorKind::server, {.failed = "the server's answer cannot be read",
                                    .why = "the list of predictions has no results"});
  }
  PredictionPage page;
  for (const Json& result : *results) page.results.push_back(read_prediction(result));
  page.next = string_at(document, "next");
  return page;
}

}  // namespace rellama::wire
