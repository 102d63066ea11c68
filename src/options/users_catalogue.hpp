#pragma once

#include "options/context.hpp"
#include "rellama/catalogue.hpp"

namespace rellama::program {

/// The catalogue of models, including the user's own from `models.json` in the configuration
/// directory, if that file exists. Throws Error (invalid_input) if it is invalid.
[[nodiscard]] Catalogue read_catalogue(const Context& context);

}  // namespace rellama::program
