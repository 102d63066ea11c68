#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rellama {

/// Where a model runs.
enum class Hosting {
  official,  ///< at Replicate, by its name
  version,   ///< at Replicate, by its latest version
  gone,      ///< it was at Replicate
  never,     ///< it was not found there
};

/// An open language model that has a short name. Empty and 0 mean that it is not known.
struct CatalogueModel {
  std::string_view aliases;  ///< short names, with a space between two; the first is the usual one
  std::string_view name;     ///< as its makers write it
  std::string_view id;       ///< owner/name at Replicate; empty if it was never found there
  Hosting hosting;
  std::string_view form;     ///< of its prompts: llama-2, llama-3, vicuna, falcon, alpaca, text
  int context;               ///< prompt and answer together, in tokens
  std::string_view stop;     ///< its own stop sequences, separated by commas
  std::string_view limit;    ///< what its input for the longest answer is called
  std::string_view instead;  ///< the short name of one that can be used in its place
  std::string_view source;   ///< where this is from: a section of docs/protocol.md
  std::string_view date;     ///< when that was read
};

/// All models with a short name, from src/catalogue/models.json.
[[nodiscard]] std::span<const CatalogueModel> catalogue() noexcept;

/// The model of that short name; null if there is none.
[[nodiscard]] const CatalogueModel* find_in_catalogue(std::string_view alias) noexcept;

/// The short name that is nearest to `word`, for "did you mean"; empty if none is near.
[[nodiscard]] std::string nearest_alias(std::string_view word);

/// Whether it can be run at Replicate.
[[nodiscard]] constexpr bool is_hosted(const CatalogueModel& model) noexcept {
  return model.hosting == Hosting::official || model.hosting == Hosting::version;
}

}  // namespace rellama
