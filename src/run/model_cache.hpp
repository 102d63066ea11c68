#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "options/context.hpp"
#include "rellama/model_store.hpp"

namespace rellama::program {

/// What models published of themselves, in files of the cache directory, apart for each API. What a
/// name means is relied on for a day; what a version is never changes.
class ModelCache : public ModelStore {
 public:
  /// `base_url` is the API's. Where no cache directory is known, nothing is kept.
  ModelCache(const Context& context, const std::string& base_url);

  std::optional<Model> find(const ModelRef& ref) override;
  void keep(const ModelRef& ref, const Model& model) override;

  [[nodiscard]] std::optional<std::vector<PublishedVersion>> find_versions(
      const ModelName& name) const;
  void keep_versions(const ModelName& name, const std::vector<PublishedVersion>& versions) const;

  /// How long ago `ref` was kept; nothing if it is not.
  [[nodiscard]] std::optional<std::chrono::seconds> age(const ModelRef& ref) const;

 private:
  [[nodiscard]] std::optional<std::filesystem::path> path_of(const ModelRef& ref) const;

  std::optional<std::filesystem::path> directory_;
};

}  // namespace rellama::program
