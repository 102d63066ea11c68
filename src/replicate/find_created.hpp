#pragma once

#include <chrono>
#include <optional>

#include "rellama/input.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/prediction.hpp"
#include "replicate/api.hpp"

namespace rellama::replicate {

/// A create request whose response was lost.
struct SentCreate {
  const ModelRef& model;
  const Input& input;
  std::chrono::system_clock::time_point sent_at;  ///< by our clock, before it was sent
};

/// Finds the prediction that the request may have started: the one created since then with this
/// model and this input. Returns nullopt if there is none or more than one, or if the predictions
/// cannot be listed. Searches up to three times, since after a gateway timeout a prediction may
/// appear late. If a stop was already requested, it searches for at most 2 s.
[[nodiscard]] std::optional<Prediction> find_created(Api& api, const SentCreate& sent,
                                                     const StopToken& stop);

}  // namespace rellama::replicate
