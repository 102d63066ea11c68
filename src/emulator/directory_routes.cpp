// Serves the account, hardware, deployments, collections and the search (docs/protocol.md §4).

#include <array>
#include <charconv>

#include "emulator/catalogue.hpp"
#include "emulator/pages.hpp"
#include "emulator/service.hpp"

namespace rellama::emulator {
namespace {

Json account_json() {
  return {{"type", "user"},
          {"username", "rellama-demo"},
          {"name", "Rellama Demo"},
          {"github_url", "https://github.com/rellama-demo"}};
}

struct Collection {
  std::string_view name;
  std::string_view slug;
};

constexpr std::array kCollections{
    Collection{"Language models", "language-models"},
    Collection{"Streaming language models", "streaming-language-models"}};
constexpr std::string_view kCollectionText = "Models that write text";

Json collection_json(const Collection& collection) {
  return {{"name", collection.name},
          {"slug", collection.slug},
          {"description", kCollectionText},
          {"full_description", nullptr}};
}

/// Both collections have all models that write text.
std::vector<const Model*> members() {
  std::vector<const Model*> found;
  for (const Model& model : models()) {
    const Build* build = model.official != nullptr ? model.official : model.latest.build;
    if (build != nullptr && build->output == OutputShape::tokens) found.push_back(&model);
  }
  return found;
}

Json deployment_json(const Deployment& deployment) {
  const Model* model = find_model(deployment.model);
  return {{"owner", deployment.owner},
          {"name", deployment.name},
          {"current_release",
           {{"number", 1},
            {"model", deployment.model},
            {"version", model->official_version()},
            {"created_at", model->created_at},
            {"created_by", account_json()},
            {"configuration",
             {{"hardware", "gpu-a100-large"}, {"min_instances", 0}, {"max_instances", 1}}}}}};
}

Json search_result_json(const Model& model) {
  return {{"model", model_json(model)},
          {"metadata",
           {{"generated_description", model.description},
            {"score", 1.0},
            {"tags", Json::array({"language-models"})}}}};
}

Json found_collections(const std::string& query) {
  Json found = Json::array();
  for (const Collection& collection : kCollections) {
    if (!contains_word(collection.name, query)) continue;
    Json json = collection_json(collection);
    json["models"] = Json::array();
    for (const Model* model : members()) json["models"].push_back(model->full_name());
    found.push_back(std::move(json));
  }
  return found;
}

/// Returns the `limit` of a search, or nothing if it is not one.
std::optional<std::size_t> parse_limit(const std::string& text) {
  constexpr std::size_t kDefault = 20;
  constexpr std::size_t kMost = 50;
  if (text.empty()) return kDefault;
  std::size_t limit = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, limit);
  if (error != std::errc{} || rest != end || limit < 1 || limit > kMost) return std::nullopt;
  return limit;
}

}  // namespace

Reply Service::get_account(const Call& /*call*/) {
  return json_reply(account_json());
}

Reply Service::get_webhook_secret(const Call& /*call*/) {
  return json_reply({{"key", webhook_secret()}});
}

Reply Service::list_hardware(const Call& /*call*/) {
  return json_reply(Json::array({{{"name", "CPU"}, {"sku", "cpu"}},
                                 {{"name", "Nvidia A100 (80GB) GPU"}, {"sku", "gpu-a100-large"}}}));
}

Reply Service::list_deployments(const Call& /*call*/) {
  Json results = Json::array();
  for (const Deployment& deployment : deployments()) {
    results.push_back(deployment_json(deployment));
  }
  return json_reply(only_page_json(std::move(results)));
}

Reply Service::get_deployment(const Call& call) {
  const Deployment* deployment = find_deployment(call.names[0], call.names[1]);
  return deployment == nullptr ? not_found() : json_reply(deployment_json(*deployment));
}

Reply Service::list_collections(const Call& /*call*/) {
  Json results = Json::array();
  for (const Collection& collection : kCollections) {
    results.push_back(collection_json(collection));
  }
  return json_reply(only_page_json(std::move(results)));
}

Reply Service::get_collection(const Call& call) {
  for (const Collection& collection : kCollections) {
    if (collection.slug != call.names[0]) continue;
    Json json = collection_json(collection);
    json["models"] = Json::array();
    for (const Model* model : members()) json["models"].push_back(model_json(*model));
    return json_reply(json);
  }
  return not_found();
}

Reply Service::search(const Call& call) {
  const std::string query = call.request.parameter("query");
  const auto limit = parse_limit(call.request.parameter("limit"));
  if (query.empty() || !limit) {
    const char* const wrong = query.empty() ? "Query parameter \"query\" is required"
                                            : "Query parameter \"limit\" must be from 1 to 50";
    return json_reply({{"detail", wrong}}, 400);
  }
  Json found = Json::array();
  for (const Model* model : find_models(query)) {
    if (found.size() < *limit) found.push_back(search_result_json(*model));
  }
  return json_reply({{"query", query},
                     {"models", std::move(found)},
                     {"collections", found_collections(query)},
                     {"pages", Json::array()}});
}

}  // namespace rellama::emulator
