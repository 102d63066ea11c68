#include "api/inputs.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "prompt/parameters.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

InputValue input_value(const Json& value, Typing typing) {
  if (value.is_string()) {
    auto text = value.get<std::string>();
    if (typing == Typing::untyped) return UntypedText{std::move(text)};
    return text;
  }
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() >
          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return JsonText{value.dump()};
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) return value.get<double>();
  return JsonText{wire::render_json(value)};
}

}  // namespace

void set_input(const std::string& name, const Json& value, Typing typing,
               GenerateRequest& request) {
  if (value.is_null()) return;
  GenerationParameters& parameters = request.parameters;
  const std::string_view known = prompt::parameter_of(name);
  if (const prompt::Parameter* parameter = prompt::find_parameter(known)) {
    prompt::reset(*parameter, parameters);
  }
  std::erase_if(parameters.others, [known](const InputField& field) {
    return prompt::parameter_of(field.name) == known;
  });
  if (known == "stop_sequences" && value.is_array()) {
    parameters.stop_sequences = read_stops(value, name);
    return;
  }
  parameters.others.push_back({name, input_value(value, typing)});
}

std::vector<std::string> read_stops(const Json& value, const std::string& path) {
  std::vector<std::string> stops;
  if (value.is_array()) {
    for (const Json& each : value) stops.push_back(require_text(each, path));
  } else {
    stops.push_back(require_text(value, path));
  }
  for (const std::string& stop : stops) {
    if (stop.empty()) throw unusable(path, "'" + path + "' is empty", "leave it out");
  }
  return stops;
}

}  // namespace rellama::api
