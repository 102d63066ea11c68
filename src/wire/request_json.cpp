#include "wire/request_json.hpp"

#include <nlohmann/json.hpp>
#include <variant>

#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const InputField& field) {
  if (const auto* text = std::get_if<JsonText>(&field.value)) {
    Json value = Json::parse(text->text, nullptr, /*allow_exceptions=*/false);
    if (value.is_discarded()) {
      throw Error(
          ErrorKind::invalid_input,
          {.failed = "the value of input '" + field.name + "' is not JSON", .why = text->text});
    }
    return value;
  }
  return std::visit(
      [](const auto& value) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, JsonText>) {
          return {};
        } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, UntypedText>) {
          return value.text;
        } else {
          return value;
        }
      },
      field.value);
}

Json to_json(const Input& input) {
  Json object = Json::object();
  for (const InputField& field : input) object[field.name] = to_json(field);
  return object;
}

}  // namespace

std::string render_create_body(const CreateBody& body) {
  Json document = Json::object();
  if (!body.version.empty()) document["version"] = body.version;
  document["input"] = to_json(body.input);
  if (body.stream) document["stream"] = true;
  return render_json(document);
}

std::string render_input(const Input& input) {
  return render_json(to_json(input));
}

bool same_input(const JsonText& echo, const Input& sent) {
  // nlohmann::json sorts keys, so objects compare equal whatever order they were sent in.
  using SortedJson = nlohmann::json;
  const SortedJson theirs = SortedJson::parse(echo.text, nullptr, /*allow_exceptions=*/false);
  return theirs == SortedJson::parse(render_input(sent));
}

}  // namespace rellama::wire
