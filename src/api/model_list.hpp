#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/order.hpp"

namespace rellama::api {

// What the protocols say about models: those of the catalogue that Replicate hosts, and the one
// that the server uses if a request names none.

/// GET /v1/models
[[nodiscard]] std::string render_models(const Offer& offer);
/// GET /v1/models/NAME; nothing if there is no such model.
[[nodiscard]] std::optional<std::string> render_model(const Offer& offer, std::string_view name);
/// GET /api/tags
[[nodiscard]] std::string render_tags(const Offer& offer);
/// POST /api/show; nothing if there is no such model. Throws Error (invalid_input) for a body that
/// is no request.
[[nodiscard]] std::optional<std::string> render_show(const Offer& offer, std::string_view body);

}  // namespace rellama::api
