#pragma once

#include <string>

#include "cog/connection.hpp"

namespace rellama::cog {

/// A random prediction ID: 26 base-32 characters, as recommended by Cog's documentation.
[[nodiscard]] std::string make_id();

/// The headers of the request that runs a prediction. With Delivery::poll, it requests no event
/// stream.
[[nodiscard]] http::Headers run_headers(Delivery delivery);

/// Runs one prediction; see CogClient::run.
Prediction run(Connection& connection, const Input& input, Delivery delivery, EventSink& sink,
               const StopToken& stop);

}  // namespace rellama::cog
