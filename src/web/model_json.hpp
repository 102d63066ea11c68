#pragma once

#include <optional>
#include <string>

#include "prompt/input_schema.hpp"
#include "rellama/catalogue.hpp"
#include "rellama/model_ref.hpp"

namespace rellama::web {

/// What the page has to know of a model whose inputs the catalogue knows; nothing if it does not.
[[nodiscard]] std::optional<std::string> find_known_model(const ModelRef& ref,
                                                          const Catalogue& catalogue);

/// The same for a model with its own schema, or with none. `kind`: "chat", "other", "container".
struct ForeignModel {
  std::string ref;
  std::string kind = "other";
  std::string description = {};
  std::string error = {};  ///< why there is no schema
};
[[nodiscard]] std::string render_model(const ForeignModel& model,
                                       const prompt::InputSchema* schema);

/// The models to choose from: [{ref, title, description, group}]
[[nodiscard]] std::string render_models(const Catalogue& catalogue);

}  // namespace rellama::web
