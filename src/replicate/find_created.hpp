#pragma once

#include <chrono>
#include <optional>

#include "rellama/input.hpp"
#include "rellama/model_ref.hpp"
#include "rellama/prediction.hpp"
#include "replicate/api.hpp"

namespace rellama::replicate {

/// A create request whose answer was lost.
struct SentCreate {
  const ModelRef& model;
  const Input& input;
  std::chrono::system_clock::time_point sent_at;  ///< by our clock, before it was sent
};

/// Looks for the prediction that the request may have started: among those created since then, the
/// one with this model and this input. Nothing where there is none or more than one, or where the
/// list cannot be read. It looks a few times: what a gateway gave up waiting for may come late. A
/// `stop` that has come already leaves it 2 s.
[[nodiscard]] std::optional<Prediction> find_created(Api& api, const SentCreate& sent,
                                                     const StopToken& stop);

}  // namespace rellama::replicate
