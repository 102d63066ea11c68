#include "replicate/fetch_model.hpp"

#include <variant>

#include "wire/resource_json.hpp"

namespace rellama::replicate {
namespace {

const ModelName& name_of(const ModelRef& model) {
  const auto* version = std::get_if<ModelVersion>(&model);
  return version != nullptr ? *version->model : std::get<ModelName>(model);
}

ExchangePlan plan_fetch(const Api& api, const ModelRef& model) {
  const auto* version = std::get_if<ModelVersion>(&model);
  const ModelName& name = name_of(model);
  return plan_get(
      api,
      version != nullptr ? api.endpoint().version_url(name, version->id)
                         : api.endpoint().model_url(name),
      {.failed = "cannot find " + render_model_ref(model), .host = api.endpoint().host()});
}

}  // namespace

FetchModel::FetchModel(Api& api, const ModelRef& model)
    : api_(api),
      is_version_(std::holds_alternative<ModelVersion>(model)),
      exchange_(api, plan_fetch(api, model)) {
  if (is_version_) model_.name = name_of(model);
}

http::Step FetchModel::handle(const http::Event& event) {
  http::Step step = exchange_.handle(event);
  if (step.kind != http::Step::Kind::done) return step;
  http::Response response = exchange_.take_response();
  api_.hide_secrets(response);
  try {
    if (is_version_) {
      model_.latest_version = wire::parse_version(response.body);
    } else {
      model_ = wire::parse_model(response.body);
    }
  } catch (const Error& error) {
    throw exchange_.unreadable(response, error.parts().why);
  }
  return step;
}

}  // namespace rellama::replicate
