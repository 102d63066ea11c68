#pragma once

#include "http/task.hpp"
#include "rellama/prediction.hpp"
#include "replicate/api.hpp"
#include "replicate/exchange.hpp"

namespace rellama::replicate {

/// Reads a prediction once. Throws Error.
class FetchPrediction final : public http::Task {
 public:
  FetchPrediction(Api& api, const PredictionId& id);

  http::Step handle(const http::Event& event) override;

  /// The prediction, once the task is done.
  [[nodiscard]] Prediction take() { return std::move(prediction_); }

 private:
  Api& api_;
  const PredictionId id_;
  Exchange exchange_;
  Prediction prediction_;
};

}  // namespace rellama::replicate
