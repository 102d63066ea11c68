#pragma once

#include <string>

#include "http/recorded_exchange.hpp"
#include "wire/secret_mask.hpp"

namespace rellama::replicate {

/// Renders an exchange as a line of a recording (docs/emulator.md), with a line end. `api` is the
/// base URL of the API it belongs to; `secrets` are masked in every encoding the mask knows.
[[nodiscard]] std::string render_exchange(const http::RecordedExchange& exchange,
                                          const std::string& api, const wire::SecretMask& secrets);

}  // namespace rellama::replicate
