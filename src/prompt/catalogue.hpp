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

/// What is known about whether Replicate hosts a model.
enum class Hosting {
  official,    ///< runs by name, at the official endpoint
  listed,      ///< in the public list of Replicate's models
  seen,        ///< was hosted once; not confirmed since
  gone,        ///< no longer hosted
  not_listed,  ///< in none of the public lists
  unknown,     ///< no source
};

/// The word used in the data file, such as "not_listed".
[[nodiscard]] std::string_view render_hosting(Hosting hosting) noexcept;
[[nodiscard]] std::optional<Hosting> find_hosting(std::string_view word) noexcept;

/// The word used in the data file and in JSON Schema, such as "integer".
[[nodiscard]] std::string_view render_input_type(InputType type) noexcept;
[[nodiscard]] std::optional<InputType> find_input_type(std::string_view word) noexcept;

/// A version that can be run by its ID.
struct CatalogueVersion {
  std::string_view id;
  const Build* build;
};

/// One model. Unconfirmed fields are empty.
struct CatalogueModel {
  std::string_view size;  ///< "70B chat"
  std::span<const std::string_view> short_names;
  std::string_view id;  ///< owner/name at Replicate
  Hosting hosting;
  std::string_view source;   ///< the source of `hosting`
  std::string_view date;     ///< the date of the source, such as "2025-09"
  std::string_view instead;  ///< the short name of an alternative, if it is not hosted
  const Build* build;        ///< the build that runs when it is called by name
  std::span<const CatalogueVersion> versions;
  std::string_view parameters;  ///< how many it has: "70 billion"
  std::string_view license;
  std::string_view memory;   ///< what it needs to run it yourself: "28 GB of GPU memory"
  std::string_view storage;  ///< as above: "180 GB"
};

/// Models that share a prompt format. Unconfirmed fields are empty.
struct CatalogueFamily {
  std::string_view name;
  int context_length;  ///< in tokens, prompt and answer together; 0: unknown
  std::string_view context_length_source;
  std::string_view prompt_template;  ///< the template used in training
  std::string_view prompt_template_source;
  std::span<const std::string_view> stop_sequences;
  std::string_view stop_sequences_source;
  std::string_view conversation;  ///< the name of a TranscriptForm; empty: use the template
  std::span<const CatalogueModel> models;
  std::string_view needs_source;  ///< of the parameters, license, memory and storage of its models
};

/// The contents of a catalogue file.
struct CatalogueTable {
  std::span<const Build> builds;
  std::span<const CatalogueFamily> families;
};

/// `catalogue.json`, converted to a table at build time.
extern const CatalogueTable compiled_catalogue;

/// A model and its family. The pointers are valid as long as the catalogue is.
struct CatalogueEntry {
  const CatalogueFamily* family;
  const CatalogueModel* model;
};

/// All models: the user's own first, then the built-in ones that they do not replace.
[[nodiscard]] std::vector<CatalogueEntry> list_models(const Catalogue& catalogue);

/// The model with this short name or ID (owner/name).
[[nodiscard]] std::optional<CatalogueEntry> find_model(const Catalogue& catalogue,
                                                       std::string_view name);

/// A version of a model.
struct KnownVersion {
  CatalogueEntry entry;
  const CatalogueVersion* version;
};

/// The version with this ID.
[[nodiscard]] std::optional<KnownVersion> find_version(const Catalogue& catalogue,
                                                       std::string_view id);

/// The family of the model `ref`; null if it is not in the catalogue.
[[nodiscard]] const CatalogueFamily* find_family(const Catalogue& catalogue, const ModelRef& ref);

/// The display name of a model, such as "Llama 2 chat 70B".
[[nodiscard]] std::string full_name(const CatalogueEntry& entry);

/// Whether Replicate hosts, or may host, this model, so that a request can be sent.
[[nodiscard]] bool can_be_asked(const CatalogueModel& model) noexcept;

/// Why no request can be sent for this model, and what to do instead.
[[nodiscard]] ErrorParts describe_missing(const CatalogueEntry& entry);

}  // namespace rellama::prompt
