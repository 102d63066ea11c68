#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/build.hpp"
#include "rellama/catalogue.hpp"
#include "rellama/error.hpp"

namespace rellama::prompt {

/// What is known of whether Replicate runs a model.
enum class Hosting {
  official,    ///< by name, at the official endpoint
  listed,      ///< in the public list of its models
  seen,        ///< there once; whether it still is has not been confirmed
  gone,        ///< not any more
  not_listed,  ///< in none of the public lists
  unknown,     ///< no source says
};

/// The word of the data file: "not_listed".
[[nodiscard]] std::string_view render_hosting(Hosting hosting) noexcept;
[[nodiscard]] std::optional<Hosting> find_hosting(std::string_view word) noexcept;

/// The word of the data file, and of JSON Schema: "integer".
[[nodiscard]] std::string_view render_input_type(InputType type) noexcept;
[[nodiscard]] std::optional<InputType> find_input_type(std::string_view word) noexcept;

/// A version that can be run by its id.
struct CatalogueVersion {
  std::string_view id;
  const Build* build;
};

/// One model. Text that nobody confirmed is empty.
struct CatalogueModel {
  std::string_view size;  ///< "70B chat"
  std::span<const std::string_view> short_names;
  std::string_view id;  ///< owner/name at Replicate
  Hosting hosting;
  std::string_view source;   ///< who says so
  std::string_view date;     ///< when that was: "2025-09"
  std::string_view instead;  ///< the short name of what to use where it is not hosted
  const Build* build;        ///< of the endpoint that runs it by name
  std::span<const CatalogueVersion> versions;
};

/// Models that share a form of prompt. Text that nobody confirmed is empty.
struct CatalogueFamily {
  std::string_view name;
  int context_length;  ///< in tokens, prompt and answer together; 0: not known
  std::string_view context_length_source;
  std::string_view prompt_template;  ///< what the model was trained on
  std::string_view prompt_template_source;
  std::span<const std::string_view> stop_sequences;
  std::string_view stop_sequences_source;
  std::string_view conversation;  ///< the name of a TranscriptForm; empty: by the template
  std::span<const CatalogueModel> models;
};

/// The names under which models list what is one parameter for rellama, the preferred first.
struct ParameterNames {
  std::string_view parameter;
  std::span<const std::string_view> names;
};

/// All of a catalogue file.
struct CatalogueTable {
  std::span<const Build> builds;
  std::span<const ParameterNames> parameters;
  std::span<const CatalogueFamily> families;
};

/// `catalogue.json`, made into a table when rellama was built.
extern const CatalogueTable compiled_catalogue;

/// A model and its family. It points into the catalogue that it is from.
struct CatalogueEntry {
  const CatalogueFamily* family;
  const CatalogueModel* model;
};

/// Every model, the user's own first, without those that they replace.
[[nodiscard]] std::vector<CatalogueEntry> list_models(const Catalogue& catalogue);

/// The model that goes by a short name or an id (owner/name).
[[nodiscard]] std::optional<CatalogueEntry> find_model(const Catalogue& catalogue,
                                                       std::string_view name);

/// A version of a model.
struct KnownVersion {
  CatalogueEntry entry;
  const CatalogueVersion* version;
};

/// The version with this id.
[[nodiscard]] std::optional<KnownVersion> find_version(const Catalogue& catalogue,
                                                       std::string_view id);

/// The family of the model behind a reference; null if it is not in the catalogue.
[[nodiscard]] const CatalogueFamily* find_family(const Catalogue& catalogue, const ModelRef& ref);

/// "Llama 2 chat 70B".
[[nodiscard]] std::string full_name(const CatalogueEntry& entry);

/// Whether there is anything that a request for this model could be sent to.
[[nodiscard]] bool can_be_asked(const CatalogueModel& model) noexcept;

/// Why a model that cannot be asked cannot, and what to do.
[[nodiscard]] ErrorParts describe_missing(const CatalogueEntry& entry);

/// rellama's name for an input that some model calls `name`; otherwise `name` itself.
[[nodiscard]] std::string_view parameter_of(std::string_view name) noexcept;

}  // namespace rellama::prompt
