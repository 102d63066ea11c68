#pragma once

#include "options/context.hpp"
#include "rellama/catalogue.hpp"

namespace rellama::program {

/// The catalogue of models, with the user's own from `models.json` in the configuration directory
/// where there is such a file. Throws Error (invalid_input) if it cannot be used.
[[nodiscard]] Catalogue read_catalogue(const Context& context);

}  // namespace rellama::program
