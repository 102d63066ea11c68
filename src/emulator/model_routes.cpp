// Serves models, versions, deployments, collections and the account (docs/protocol.md §4).

#include <algorithm>

#include "emulator/catalogue.hpp"
#include "emulator/lower_case.hpp"
#include "emulator/pages.hpp"
#include "emulator/service.hpp"

namespace rellama::emulator {

Reply Service::get_account(const Call& /*call*/) {
  return json_reply({{"type", "user"},
                     {"username", "rellama-demo"},
                     {"name", "Rellama Demo"},
                     {"github_url", nullptr}});
}

Reply Service::list_hardware(const Call& /*call*/) {
  return json_reply(Json::array({{{"name", "CPU"}, {"sku", "cpu"}},
                                 {{"name", "Nvidia A100 (80GB) GPU"}, {"sku", "gpu-a100-large"}}}));
}

Reply Service::list_models(const Call& call) {
  const auto all = models();
  const auto name_at = [all](std::size_t i) { return std::string(all[i].name); };
  const auto json_at = [all](std::size_t i) { return model_json(all[i]); };
  return json_reply(page_json({call.request.origin + "/v1/models", call.request.parameter("cursor"),
                               options_.model_page_size},
                              all.size(), name_at, json_at));
}

Reply Service::search_models(const Call& call) {
  const std::string wanted = lower_case(call.request.recorded.body);
  Json results = Json::array();
  for (const Model& model : models()) {
    const std::string text = lower_case(model.full_name().append(" ").append(model.description));
    if (text.find(wanted) != std::string::npos) results.push_back(model_json(model));
  }
  return json_reply(only_page_json(std::move(results)));
}

Reply Service::get_model(const Call& call) {
  const Model* model = find_model(call.names[0], call.names[1]);
  return model == nullptr ? not_found() : json_reply(model_json(*model));
}

Reply Service::list_versions(const Call& call) {
  const Model* model = find_model(call.names[0], call.names[1]);
  if (model == nullptr) return not_found();
  Json results = Json::array();
  if (model->latest.build != nullptr) results.push_back(version_json(model->latest));
  return json_reply(only_page_json(std::move(results)));
}

Reply Service::get_version(const Call& call) {
  const Model* model = find_model(call.names[0], call.names[1]);
  const bool known =
      model != nullptr && model->latest.build != nullptr && model->latest.id == call.names[2];
  return known ? json_reply(version_json(model->latest)) : not_found();
}

Reply Service::get_deployment(const Call& call) {
  const Deployment* deployment = find_deployment(call.names[0], call.names[1]);
  if (deployment == nullptr) return not_found();
  const Model* model = find_model(deployment->model);
  return json_reply(
      {{"owner", deployment->owner},
       {"name", deployment->name},
       {"current_release",
        {{"number", 1},
         {"model", deployment->model},
         {"version", model->official_version()},
         {"created_at", model->created_at},
         {"configuration",
          {{"hardware", "gpu-a100-large"}, {"min_instances", 0}, {"max_instances", 1}}}}}});
}

Reply Service::get_collection(const Call& call) {
  const std::string& slug = call.names[0];
  if (slug != "language-models" && slug != "streaming-language-models") return not_found();
  Json members = Json::array();
  for (const Model& model : models()) {
    const Build* build = model.official != nullptr ? model.official : model.latest.build;
    if (build != nullptr && build->output == OutputShape::tokens) {
      members.push_back(model_json(model));
    }
  }
  return json_reply({{"name", "Language models"},
                     {"slug", slug},
                     {"description", "Models that write text"},
                     {"models", members}});
}

}  // namespace rellama::emulator
