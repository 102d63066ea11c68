#include "wire/request_json.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <variant>

#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::wire {
namespace {

using Json = nlohmann::ordered_json;

Json input_json(const Input& input) {
  Json object = Json::object();
  for (const InputField& field : input) object[field.name] = to_json(field);
  return object;
}

}  // namespace

nlohmann::ordered_json to_json(const InputField& field) {
  struct Convert {
    const std::string& name;

    Json operator()(const JsonText& json) const {
      Json value = find_json(json.text);
      if (!value.is_discarded()) return value;
      throw Error(ErrorKind::invalid_input,
                  {.failed = "the value of input '" + name + "' is not JSON", .why = json.text});
    }
    Json operator()(const UntypedText& text) const { return text.text; }
    Json operator()(const FileContent& file) const { return *file.bytes; }
    Json operator()(const std::string& text) const { return text; }
    Json operator()(bool value) const { return value; }
    Json operator()(std::int64_t value) const { return value; }
    Json operator()(double value) const { return value; }
  };
  return std::visit(Convert{field.name}, field.value);
}

std::string render_create_body(const CreateBody& body) {
  Json document = Json::object();
  if (!body.version.empty()) document["version"] = body.version;
  document["input"] = input_json(body.input);
  if (body.stream) document["stream"] = true;
  return render_json(document);
}

std::string render_input(const Input& input) {
  return render_json(input_json(input));
}

bool same_input(const JsonText& echo, const Input& sent) {
  // nlohmann::json sorts keys, so objects compare equal whatever order they were sent in.
  const Json theirs = find_json(echo.text);
  return !theirs.is_discarded() && nlohmann::json(theirs) == nlohmann::json(input_json(sent));
}

}  // namespace rellama::wire
