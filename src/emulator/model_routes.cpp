// Serves models and their versions (docs/protocol.md §4).

#include "emulator/catalogue.hpp"
#include "emulator/hash.hpp"
#include "emulator/pages.hpp"
#include "emulator/service.hpp"

namespace rellama::emulator {
namespace {

/// The JavaScript client sends the text as JSON, in quotes: docs/protocol.md §4.
std::string search_text(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  return json.is_string() ? json.get<std::string>() : body;
}

/// A prediction that answers "Why is the sky blue?", the same at any time.
Json example_of(const Model& model, const std::string& origin) {
  Prediction example;
  example.id = "example" + hex_of(hash_of(model.full_name()));
  example.model = model.full_name();
  example.version = model.official_version();
  example.input = {{"prompt", "Why is the sky blue?"}};
  example.script = write_script(*model.official, example.input, 0);
  example.created_wall = parse_time(model.created_at).value_or(WallTime{});
  return prediction_json(example, example.at(Clock::time_point{} + std::chrono::seconds(1)),
                         View::current, origin);
}

}  // namespace

Reply Service::list_models(const Call& call) {
  const auto all = models();
  const auto name_at = [all](std::size_t i) { return std::string(all[i].name); };
  const auto json_at = [all](std::size_t i) { return model_json(all[i]); };
  return json_reply(page_json({call.request.origin + "/v1/models", call.request.parameter("cursor"),
                               options_.model_page_size},
                              all.size(), name_at, json_at));
}

Reply Service::search_models(const Call& call) {
  Json results = Json::array();
  for (const Model* model : find_models(search_text(call.request.recorded.body))) {
    results.push_back(model_json(*model));
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

Reply Service::get_readme(const Call& call) {
  const Model* model = find_model(call.names[0], call.names[1]);
  if (model == nullptr) return not_found();
  return {.content_type = "text/plain; charset=utf-8",
          .body = "# " + model->full_name() + "\n\n" + std::string(model->description) +
                  ".\n\nThe emulator answers for this model.\n"};
}

Reply Service::list_examples(const Call& call) {
  const Model* model = find_model(call.names[0], call.names[1]);
  if (model == nullptr) return not_found();
  Json results = Json::array();
  if (model->official != nullptr && model->official->output == OutputShape::tokens) {
    results.push_back(example_of(*model, call.request.origin));
  }
  return json_reply(only_page_json(std::move(results)));
}

}  // namespace rellama::emulator
