#include "replicate/fetch_prediction.hpp"

#include <string>
#include <utility>

#include "wire/prediction_json.hpp"

namespace rellama::replicate {
namespace {

ExchangePlan plan_fetch(const Api& api, const PredictionId& id) {
  Prediction prediction;
  prediction.id = id;
  return plan_get(api, api.endpoint().get_url(prediction),
                  {.failed = "cannot read the prediction",
                   .host = api.endpoint().host(),
                   .prediction_id = id.value});
}

}  // namespace

FetchPrediction::FetchPrediction(Api& api, const PredictionId& id)
    : api_(api), id_(id), exchange_(api, plan_fetch(api, id)) {}

http::Step FetchPrediction::handle(const http::Event& event) {
  http::Step step = exchange_.handle(event);
  if (step.kind != http::Step::Kind::done) return step;
  const http::Response response = exchange_.take_response();
  try {
    std::string damage;
    prediction_ = wire::parse_damaged_prediction(response.body, damage, id_.value);
    api_.hide_secrets(prediction_);
  } catch (const Error& error) {
    throw exchange_.unreadable(response, error.parts().why);
  }
  return step;
}

}  // namespace rellama::replicate
