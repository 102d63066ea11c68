#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "options/context.hpp"
#include "rellama/model_store.hpp"

namespace rellama::program {

/// Caches published model data in files of the cache directory, separately for each API. Data for a
/// name is used for one day; data for a version never expires.
class ModelCache : public ModelStore {
 public:
  /// What a cache returns.
  enum class Use {
    everything,
    own_only,  ///< what this process has kept, so that a recording has everything else
  };

  /// `base_url` is the API's. Without a cache directory nothing is stored.
  ModelCache(const Context& context, const std::string& base_url, Use use = Use::everything);

  std::optional<Model> find(const ModelRef& ref) override;
  void keep(const ModelRef& ref, const Model& model) override;

  [[nodiscard]] std::optional<std::vector<PublishedVersion>> find_versions(
      const ModelName& name) const;
  void keep_versions(const ModelName& name, const std::vector<PublishedVersion>& versions) const;

  /// How long ago `ref` was stored; empty if it is not.
  [[nodiscard]] std::optional<std::chrono::seconds> age(const ModelRef& ref) const;

 private:
  [[nodiscard]] std::optional<std::filesystem::path> path_of(const ModelRef& ref) const;

  [[nodiscard]] bool is_usable(const std::filesystem::path& path) const;

  std::optional<std::filesystem::path> directory_;
  Use use_;
  std::set<std::filesystem::path> own_;
};

}  // namespace rellama::program
