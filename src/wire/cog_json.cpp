#include "wire/cog_json.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "rellama/error.hpp"
#include "wire/damaged_object.hpp"
#include "wire/json_document.hpp"
#include "wire/prediction_json.hpp"
#include "wire/request_json.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

Json parse_object(std::string_view json, const char* what) {
  Json document = parse_document(json, what);
  if (document.is_object()) return document;
  throw Error(ErrorKind::server,
              {.failed = "cannot read " + std::string(what), .why = "it is not a JSON object"});
}

CogHealth::State parse_state(std::string_view word) {
  using State = CogHealth::State;
  constexpr std::array kWords{
      std::pair<std::string_view, State>{"STARTING", State::starting},
      std::pair<std::string_view, State>{"READY", State::ready},
      std::pair<std::string_view, State>{"BUSY", State::busy},
      std::pair<std::string_view, State>{"SETUP_FAILED", State::setup_failed},
      std::pair<std::string_view, State>{"DEFUNCT", State::defunct},
      std::pair<std::string_view, State>{"UNHEALTHY", State::unhealthy},
  };
  const auto found = std::find_if(kWords.begin(), kWords.end(),
                                  [word](const auto& known) { return known.first == word; });
  return found == kWords.end() ? State::unknown : found->second;
}

bool lacks(const RecoveredObject& recovered, std::string_view name) {
  return std::find(recovered.lost.begin(), recovered.lost.end(), name) != recovered.lost.end();
}

}  // namespace

std::string render_cog_body(const std::string& id, const Input& input) {
  // render_input already returns JSON: no need to parse it and write it again.
  return "{\"id\":\"" + id + "\",\"input\":" + render_input(input) + "}";
}

CogChunk parse_cog_chunk(std::string_view json) {
  const Json document = parse_object(json, "an output event");
  CogChunk chunk;
  if (const auto text = document.find("chunk"); text != document.end() && text->is_string()) {
    chunk.text = text->get<std::string>();
  }
  if (const auto index = document.find("index");
      index != document.end() && index->is_number_unsigned()) {
    chunk.index = index->get<std::size_t>();
  }
  return chunk;
}

Prediction parse_cog_prediction(std::string_view json, const std::string& id) {
  Json document;
  try {
    document = parse_object(json, "the prediction");
  } catch (const Error&) {
    auto recovered = recover_object(json, kPredictionFields);
    if (!recovered || !recovered->object.contains("status") || lacks(*recovered, "output")) throw;
    document = std::move(recovered->object);
  }
  document["id"] = id;
  return parse_prediction(render_json(document));
}

CogHealth parse_cog_health(std::string_view json) {
  const Json document = parse_object(json, "the container's health");
  CogHealth health;
  health.state_text = string_at(document, "status");
  health.state = parse_state(health.state_text);
  if (const auto setup = document.find("setup"); setup != document.end() && setup->is_object()) {
    health.logs = string_at(*setup, "logs");
  }
  return health;
}

}  // namespace rellama::wire
