// A server may answer with any bytes: reading them gives a value or an Error, and what is given is
// fit to be shown. The input is the answer.

#include "wire/prediction_json.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/fuzz.hpp"
#include "rellama/error.hpp"
#include "wire/problem_json.hpp"

namespace rellama::fuzz {
namespace {

void check_json(std::string_view json) {
  require(json.empty() || nlohmann::json::accept(json), "JSON that is handed on is JSON");
}

void check_prediction(const Prediction& prediction) {
  require(!prediction.id.value.empty(), "a prediction has an id");
  require(prediction.status == parse_status(prediction.status_text), "the status is its word's");
  check_json(prediction.input.text);
  check_json(prediction.metrics.text);
  const Output& output = prediction.output;
  check_json(output.json());
  require(output.json().empty() || output.piece_count() == 0, "an output is text or JSON");
  std::string joined;
  for (std::size_t i = 0; i < output.piece_count(); ++i) joined += output.piece(i);
  require(joined == output.text(), "the pieces of an output are its text");
}

// One of them may be written as the server sent it, for example with 1.50 for 1.5.
bool same_json(const JsonText& a, const JsonText& b) {
  const auto parse = [](const std::string& text) {
    return nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  };
  return a.text.empty() == b.text.empty() &&
         (a.text.empty() || parse(a.text).dump() == parse(b.text).dump());
}

bool same(const Prediction& a, const Prediction& b) {
  return a.id == b.id && a.model == b.model && a.version == b.version &&
         a.status_text == b.status_text && same_json(a.input, b.input) && a.error == b.error &&
         a.logs == b.logs && same_json(a.metrics, b.metrics) && a.created_at == b.created_at &&
         a.started_at == b.started_at && a.completed_at == b.completed_at &&
         a.get_url == b.get_url && a.cancel_url == b.cancel_url && a.stream_url == b.stream_url &&
         a.data_removed == b.data_removed && a.output.text() == b.output.text() &&
         a.output.json() == b.output.json() && a.output.piece_count() == b.output.piece_count();
}

// What `parse` gives; nothing where it throws an Error.
template <typename Parse>
auto parsed(const Parse& parse, std::string_view json) -> std::optional<decltype(parse(json))> {
  try {
    return parse(json);
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::server, "an answer that cannot be read is the server's");
    return std::nullopt;
  }
}

// Polls of the same prediction: with less output, then whole, then again.
void check_polls(std::string_view json, const Prediction& alone) {
  wire::PredictionReader reader;
  Prediction prediction;
  if (alone.output.piece_count() > 1) {
    const std::string first(alone.output.piece(0));
    reader.read(nlohmann::json({{"id", "a"}, {"output", {first}}}).dump(), prediction);
  }
  for (int poll = 0; poll < 2; ++poll) {
    reader.read(std::string(json), prediction);
    require(same(prediction, alone), "a prediction reads the same at every poll");
  }
}

void check_problem(std::string_view body) {
  constexpr std::size_t kMaxTextBytes = 300 + 3;  // and an ellipsis
  const wire::Problem problem = wire::parse_problem(body);
  const auto check_text = [&](const std::string& text) {
    require(text.size() <= kMaxTextBytes, "the text of a problem is short");
    require(text.find_first_of("\r\n\t") == std::string::npos, "the text of a problem is a line");
    if (is_utf8(body)) require(is_utf8(text), "UTF-8 stays UTF-8");
  };
  check_text(problem.title);
  check_text(problem.detail);
  for (const auto& [field, description] : problem.invalid_fields) {
    check_text(field);
    check_text(description);
  }
  (void)wire::render_problem(problem);
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama;
  const fuzz::Bytes bytes(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::string_view json = bytes.view();
  fuzz::check_problem(json);
  if (const auto page = fuzz::parsed(wire::parse_prediction_page, json)) {
    for (const Prediction& prediction : page->results) fuzz::check_prediction(prediction);
  }
  const auto alone =
      fuzz::parsed([](std::string_view text) { return wire::parse_prediction(text); }, json);
  if (!alone) return 0;
  fuzz::check_prediction(*alone);
  fuzz::check_polls(json, *alone);
  std::string damage;
  (void)wire::parse_damaged_prediction(json, damage);
  fuzz::require(nlohmann::json::accept(json) || !damage.empty(),
                "a prediction that is not JSON is reported as damaged");
  if (!damage.empty()) return 0;
  // A prediction alone is read by a quicker way than one in a list; the page is also refused where
  // it nests too deeply by now.
  const std::string list = R"({"results":[)" + std::string(json) + "]}";
  if (const auto page = fuzz::parsed(wire::parse_prediction_page, list)) {
    fuzz::require(page->results.size() == 1 && fuzz::same(page->results.front(), *alone),
                  "a prediction alone reads as it does in a list");
  }
  return 0;
}
