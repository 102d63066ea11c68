#pragma once

#include "rellama/client.hpp"
#include "replicate/api.hpp"

namespace rellama::replicate {

/// Receives the output of `prediction`; see Client::follow.
Prediction follow(Api& api, const Prediction& prediction, Delivery delivery, EventSink& sink,
                  const StopToken& stop);

}  // namespace rellama::replicate
