#include "wire/resource_json.hpp"

#include <nlohmann/json.hpp>

#include "rellama/error.hpp"
#include "wire/file_url.hpp"
#include "wire/json_document.hpp"

namespace rellama::wire {
namespace {

nlohmann::ordered_json parse_object(std::string_view json, std::string_view what) {
  auto document = parse_document(json, what);
  if (!document.is_object()) {
    throw Error(ErrorKind::server, {.failed = "cannot read the server's response",
                                    .why = std::string(what) + " is not a JSON object"});
  }
  return document;
}

PublishedVersion read_version(const nlohmann::ordered_json& json) {
  PublishedVersion version{.id = string_at(json, "id"),
                           .created_at = string_at(json, "created_at"),
                           .cog_version = string_at(json, "cog_version"),
                           .openapi_schema = {}};
  const auto schema = json.find("openapi_schema");
  if (schema != json.end() && schema->is_object()) {
    version.openapi_schema.text = render_json(*schema);
  }
  return version;
}

Model read_model(const nlohmann::ordered_json& json) {
  Model model{.name = {string_at(json, "owner"), string_at(json, "name")},
              .description = string_at(json, "description")};
  if (const auto official = json.find("is_official");
      official != json.end() && official->is_boolean()) {
    model.is_official = official->get<bool>();
  }
  if (const auto count = json.find("run_count");
      count != json.end() && count->is_number_integer()) {
    model.run_count = count->get<std::int64_t>();
  }
  const auto version = json.find("latest_version");
  if (version != json.end() && version->is_object()) model.latest_version = read_version(*version);
  return model;
}

nlohmann::ordered_json version_json(const PublishedVersion& version) {
  return {
      {"id", version.id}, {"created_at", version.created_at}, {"cog_version", version.cog_version}};
}

template <typename Read>
auto read_results(std::string_view json, std::string_view what, Read read) {
  const auto document = parse_object(json, what);
  const auto results = document.find("results");
  if (results == document.end() || !results->is_array()) {
    throw Error(ErrorKind::server, {.failed = "cannot read the server's response",
                                    .why = std::string(what) + " has no results"});
  }
  std::vector<decltype(read(document))> all;
  for (const auto& result : *results) {
    if (result.is_object()) all.push_back(read(result));
  }
  return all;
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

std::string render_model(const Model& model) {
  nlohmann::ordered_json json{{"owner", model.name.owner},
                              {"name", model.name.name},
                              {"description", model.description},
                              {"run_count", model.run_count},
                              {"latest_version", nullptr}};
  if (model.is_official) json["is_official"] = *model.is_official;
  if (!model.latest_version.id.empty()) {
    auto version = version_json(model.latest_version);
    version["openapi_schema"] = find_json(model.latest_version.openapi_schema.text);
    if (version["openapi_schema"].is_discarded()) version.erase("openapi_schema");
    json["latest_version"] = std::move(version);
  }
  return render_json(json);
}

std::string parse_file_url(std::string_view json) {
  const auto document = parse_object(json, "the uploaded file");
  const auto urls = document.find("urls");
  std::string url;
  if (urls != document.end() && urls->is_object()) url = string_at(*urls, "get");
  if (is_file_url(url)) return url;
  throw Error(ErrorKind::server, {.failed = "cannot read the server's response",
                                  .why = "the uploaded file has no URL"});
}

PublishedVersion parse_version(std::string_view json) {
  return read_version(parse_object(json, "the version"));
}

std::vector<Model> parse_model_page(std::string_view json) {
  return read_results(json, "the list of models", read_model);
}

std::vector<PublishedVersion> parse_version_page(std::string_view json) {
  return read_results(json, "the list of versions", read_version);
}

std::string render_version_page(const std::vector<PublishedVersion>& versions) {
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (const PublishedVersion& version : versions) results.push_back(version_json(version));
  return render_json({{"results", std::move(results)}});
}

}  // namespace rellama::wire
