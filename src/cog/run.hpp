#pragma once

#include <string>

#include "cog/connection.hpp"

namespace rellama::cog {

/// A new name for a prediction: 26 letters in base 32, as Cog's documentation advises.
[[nodiscard]] std::string make_id();

/// What a run's request says beside its body. `poll`: no event stream.
[[nodiscard]] http::Headers run_headers(Delivery delivery);

/// Runs one prediction, see CogClient::run.
Prediction run(Connection& connection, const Input& input, Delivery delivery, EventSink& sink,
               const StopToken& stop);

}  // namespace rellama::cog
