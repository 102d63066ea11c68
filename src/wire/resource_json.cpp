#include "wire/resource_json.hpp"

#include "rellama/error.hpp"
#include "wire/json_document.hpp"

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

}  // namespace

Account parse_account(std::string_view json) {
  const auto document = parse_object(json, "the account");
  return {string_at(document, "type"), string_at(document, "username"),
          string_at(document, "name")};
}

Model parse_model(std::string_view json) {
  const auto document = parse_object(json, "the model");
  Model model;
  model.name = {string_at(document, "owner"), string_at(document, "name")};
  model.description = string_at(document, "description");
  const auto version = document.find("latest_version");
  if (version != document.end() && version->is_object()) {
    model.latest_version_id = string_at(*version, "id");
  }
  return model;
}

}  // namespace rellama::wire
