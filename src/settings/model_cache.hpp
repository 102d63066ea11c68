#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "rellama/model_ref.hpp"
#include "settings/directories.hpp"

namespace rellama::settings {

/// Something that was kept, and how long ago.
struct CachedText {
  std::string text;
  std::chrono::seconds age;
};

/// What servers have said of models, in files below the cache directory, one for each model of each
/// server. Where nothing can be kept, nothing is: a cache never is a reason to fail.
class ModelCache {
 public:
  /// `server`: the address that is asked, as far as it tells one server from another.
  ModelCache(const Directories& directories, const std::string& server);

  [[nodiscard]] std::optional<CachedText> find(const ModelName& model) const noexcept;
  void keep(const ModelName& model, const std::string& text) const noexcept;

 private:
  [[nodiscard]] std::filesystem::path path_of(const ModelName& model) const;

  std::filesystem::path directory_;  // empty: there is none
};

}  // namespace rellama::settings
