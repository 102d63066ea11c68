#include "wire/resource_json.hpp"

#include "rellama/error.hpp"
#include "wire/json_document.hpp"
#include "wire/schema_json.hpp"

namespace rellama::wire {
namespace {

nlohmann::ordered_json parse_object(std::string_view json, std::string_view what) {
  auto document = parse_document(json, what);
  if (!document.is_object()) {
    throw Error(ErrorKind::server, {.failed = "the server's answer cannot be read",
                                    .why = std::string(what) + " is not a JSON object"});
  }
  return document;
}

Model read_model(const nlohmann::ordered_json& object) {
  Model model;
  model.name = {string_at(object, "owner"), string_at(object, "name")};
  model.description = string_at(object, "description");
  model.visibility = string_at(object, "visibility");
  const auto runs = object.find("run_count");
  if (runs != object.end() && runs->is_number_integer())
    model.run_count = runs->get<std::int64_t>();
  const auto version = object.find("latest_version");
  if (version == object.end() || !version->is_object()) return model;
  model.latest_version_id = string_at(*version, "id");
  model.latest_version_created_at = string_at(*version, "created_at");
  const auto schema = version->find("openapi_schema");
  if (schema != version->end() && schema->is_object()) {
    model.schema.text = render_json(*schema);
    model.inputs = read_inputs(*schema);
  }
  return model;
}

}  // namespace

Account parse_account(std::string_view json) {
  const auto document = parse_object(json, "the account");
  return {string_at(document, "type"), string_at(document, "username"),
          string_at(document, "name")};
}

Model parse_model(std::string_view json) {
  return read_model(parse_object(json, "the model"));
}

std::vector<Model> parse_model_page(std::string_view json) {
  const auto document = parse_object(json, "the list of models");
  const auto results = document.find("results");
  if (results == document.end() || !results->is_array()) {
    throw Error(ErrorKind::server, {.failed = "the server's answer cannot be read",
                                    .why = "the list of models has no results"});
  }
  std::vector<Model> models;
  for (const auto& result : *results) {
    if (result.is_object()) models.push_back(read_model(result));
  }
  return models;
}

std::string render_model(const Model& model) {
  nlohmann::ordered_json object = {
      {"owner", model.name.owner},        {"name", model.name.name},
      {"description", model.description}, {"visibility", model.visibility},
      {"run_count", model.run_count},     {"latest_version", nullptr}};
  if (!model.latest_version_id.empty()) {
    object["latest_version"] = {
        {"id", model.latest_version_id},
        {"created_at", model.latest_version_created_at},
        {"openapi_schema", nlohmann::ordered_json::parse(model.schema.text, nullptr, false)}};
    if (model.schema.text.empty()) object["latest_version"]["openapi_schema"] = nullptr;
  }
  return render_json(object);
}

}  // namespace rellama::wire
