#pragma once

#include <string>
#include <vector>

#include "prompt/catalogue.hpp"
#include "prompt/input_schema.hpp"
#include "rellama/client.hpp"

namespace rellama::program {

/// The catalogue as a table of at most `columns` (0: any width), and as a JSON array with all its
/// facts. `preferred` is the short name of the default model.
[[nodiscard]] std::string render_catalogue(const std::vector<prompt::CatalogueEntry>& entries,
                                           std::string_view preferred, std::size_t columns);
[[nodiscard]] std::string render_catalogue_json(const std::vector<prompt::CatalogueEntry>& entries);

/// The facts of the catalogue about one model, in lines of at most `columns` (0: one line each).
[[nodiscard]] std::string render_facts(const prompt::CatalogueEntry& entry, std::size_t columns);

/// Models that a search found, as a table and as a JSON array.
[[nodiscard]] std::string render_models(const std::vector<Model>& models, std::size_t columns);
[[nodiscard]] std::string render_models_json(const std::vector<Model>& models);

/// A model with its versions and inputs. `age` says when the data was fetched; `entry` is the
/// model's entry in the catalogue, if any.
struct ShownModel {
  const Model& model;
  const std::vector<PublishedVersion>& versions;
  const prompt::InputSchema* schema;
  const prompt::CatalogueEntry* entry;
  std::string age;
};
[[nodiscard]] std::string render_model(const ShownModel& shown, std::size_t columns);
[[nodiscard]] std::string render_model_json(const ShownModel& shown);

}  // namespace rellama::program
