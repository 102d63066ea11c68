#include <cstdint>
#include <optional>
#include <variant>

#include "api/order.hpp"
#include "prompt/build.hpp"

namespace rellama::api {
namespace {

constexpr std::string_view kTemperature = "temperature";

// The number that an input is set to.
std::optional<double> number_of(const InputValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

// A client that sends 0 wants no randomness, which builds of 2023 write as 0.01
// (docs/protocol.md §4).
void raise_temperature(const prompt::Build& build, GenerateRequest& request) {
  const prompt::InputSpec* spec = prompt::find_input(build, kTemperature);
  if (spec == nullptr || !spec->minimum || *spec->minimum <= 0) return;
  for (InputField& field : request.parameters.others) {
    if (field.name == kTemperature && number_of(field.value) == 0) field.value = *spec->minimum;
  }
}

// Those that the list of a model can have: it is split at commas.
void send_stops(const prompt::Build& build, const std::vector<std::string>& stops,
                GenerateRequest& request) {
  const bool takes_stops =
      build.name != "unknown" && prompt::find_input(build, "stop_sequences") != nullptr;
  if (!takes_stops) return;
  for (const std::string& stop : stops) {
    if (stop.find(',') == std::string::npos) request.parameters.stop_sequences.push_back(stop);
  }
}

void check_turns(const Order& order) {
  if (!order.keeps_turns || fit_prompt(order.request).turns_dropped == 0) return;
  throw unusable("prompt", "the conversation is too long for the model",
                 "leave out old messages, or set truncation to \"auto\"");
}

}  // namespace

void check(Order& order, bool is_container) {
  if (order.only_loads) return;
  GenerateRequest& request = order.request;
  if (is_container) return;  // it has its own schema
  const prompt::Build& build = prompt::find_build(request.model, request.catalogue);
  raise_temperature(build, request);
  send_stops(build, order.stops, request);
  check_generate(request);
  check_turns(order);
}

}  // namespace rellama::api
