#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rellama/catalogue.hpp"
#include "rellama/model.hpp"

namespace rellama::commands {

/// The models with a short name, a line each.
[[nodiscard]] std::string render_catalogue();
/// The same facts, and where each is from, as a JSON array.
[[nodiscard]] std::string render_catalogue_json();

/// Models that were found, a line each.
[[nodiscard]] std::string render_models(const std::vector<Model>& models);
/// The same facts as a JSON array.
[[nodiscard]] std::string render_models_json(const std::vector<Model>& models);

/// What is known of one model: a line a fact, then its inputs as a table.
[[nodiscard]] std::string render_model_facts(const Model& model);

}  // namespace rellama::commands
