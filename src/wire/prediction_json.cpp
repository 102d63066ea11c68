#include "wire/prediction_json.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "rellama/error.hpp"
#include "wire/damaged_object.hpp"
#include "wire/json_document.hpp"
#include "wire/prediction_members.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

Output read_output(const Json& value) {
  Output output;
  if (value.is_string()) {
    output.set_text(value.get_ref<const std::string&>());
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

// Fields that are not used are not kept in memory.
bool is_known(std::string_view field) {
  return std::find(std::begin(kPredictionFields), std::end(kPredictionFields), field) !=
         std::end(kPredictionFields);
}

// The documentation says `error` is a string; one official client treats it as any JSON.
std::string read_error(const Json& object) {
  const auto found = object.find("error");
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : render_json(*found);
}

JsonText read_object(const Json& object, const char* key) {
  const auto found = object.find(key);
  return {found != object.end() && found->is_object() ? render_json(*found) : std::string()};
}

// `known_id` replaces an ID that cannot be read.
Prediction read_prediction(const Json& object, std::string_view known_id = {}) {
  if (!object.is_object()) {
    throw Error(ErrorKind::server, {.failed = "cannot read the server's response",
                                    .why = "the prediction is not a JSON object"});
  }
  Prediction prediction;
  prediction.id.value = string_at(object, "id");
  // An error that comes with status 200 has no status of a run.
  if (prediction.id.value.empty() && !string_at(object, "status").empty()) {
    prediction.id.value = known_id;
  }
  if (prediction.id.value.empty()) {
    throw Error(ErrorKind::server,
                {.failed = "cannot read the server's response", .why = "the prediction has no ID"});
  }
  for (const auto& [name, text] : kTextMembers) prediction.*text = string_at(object, name);
  prediction.status = parse_status(prediction.status_text);
  prediction.input = read_object(object, "input");
  if (const auto output = object.find("output"); output != object.end()) {
    prediction.output = read_output(*output);
  }
  prediction.error = read_error(object);
  prediction.metrics = read_object(object, "metrics");
  if (const auto urls = object.find("urls"); urls != object.end() && urls->is_object()) {
    prediction.get_url = string_at(*urls, "get");
    prediction.cancel_url = string_at(*urls, "cancel");
    prediction.stream_url = string_at(*urls, "stream");
  }
  const auto removed = object.find("data_removed");
  prediction.data_removed = removed != object.end() && *removed == true;
  return prediction;
}

// One damaged prediction must not hide the others.
Json read_list(std::string_view json) {
  constexpr const char* kWhat = "the list of predictions";
  try {
    return parse_document(json, kWhat);
  } catch (const Error&) {
    return parse_document(repair_json(json), kWhat);
  }
}

std::string describe(const std::vector<std::string>& lost) {
  std::string names;
  for (const std::string& name : lost) {
    names += (names.empty() ? "" : ", ") + (name.empty() ? "a field without a name" : name);
  }
  return names.empty() ? "invalid values were replaced" : "ignored: " + names;
}

// The parts of a damaged prediction that can be read: at least its state and output.
std::optional<Prediction> recover_prediction(std::string_view json, std::string& damage,
                                             std::string_view known_id) {
  const auto recovered = recover_object(json, kPredictionFields);
  if (!recovered) return std::nullopt;
  for (const char* needed : {"id", "status", "output"}) {
    const bool is_given = needed == std::string_view("id") && !known_id.empty();
    if (!is_given && !recovered->object.contains(needed)) return std::nullopt;
  }
  damage = describe(recovered->lost);
  return read_prediction(recovered->object, known_id);
}

Prediction read_any_prediction(std::string_view json, std::string& damage,
                               std::string_view known_id) {
  try {
    const Json object = parse_document(json, "the prediction", is_known);
    Prediction prediction = read_prediction(object, known_id);
    if (string_at(object, "id").empty()) damage = "it has no ID";
    return prediction;
  } catch (const Error&) {
    auto prediction = recover_prediction(json, damage, known_id);
    if (!prediction) throw;
    return std::move(*prediction);
  }
}

// Reads `json` into `prediction`, whose output was read from `known_items`.
OutputItems read_growing(std::string_view json, std::string_view known_items,
                         Prediction& prediction, std::string& damage) {
  damage.clear();
  const std::string known_id = prediction.id.value;
  Prediction next;
  next.output = std::move(prediction.output);
  if (const auto items = read_prediction_members(json, known_items, next)) {
    prediction = std::move(next);
    return *items;
  }
  prediction = read_any_prediction(json, damage, known_id);
  return {};
}

}  // namespace

Prediction parse_prediction(std::string_view json, std::string_view known_id) {
  std::string damage;
  return parse_damaged_prediction(json, damage, known_id);
}

Prediction parse_damaged_prediction(std::string_view json, std::string& damage,
                                    std::string_view known_id) {
  Prediction prediction;
  prediction.id.value = known_id;
  (void)read_growing(json, {}, prediction, damage);
  return prediction;
}

void PredictionReader::read(std::string&& json, Prediction& prediction) {
  const PredictionReader before = std::exchange(*this, PredictionReader());
  const std::string_view known =
      std::string_view(before.json_)
          .substr(before.items_.begin, before.items_.end - before.items_.begin);
  const OutputItems items = read_growing(json, known, prediction, damage_);
  if (items.begin == items.end) return;
  json_ = std::move(json);
  items_ = items;
}

PredictionPage parse_prediction_page(std::string_view json) {
  const Json document = read_list(json);
  const auto results = document.find("results");
  if (results == document.end() || !results->is_array()) {
    throw Error(ErrorKind::server, {.failed = "cannot read the server's response",
                                    .why = "the list of predictions has no results"});
  }
  PredictionPage page;
  for (const Json& result : *results) page.results.push_back(read_prediction(result));
  page.next = string_at(document, "next");
  return page;
}

}  // namespace rellama::wire
