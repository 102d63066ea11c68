#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/builds.hpp"

namespace rellama::emulator {

/// A version of a model, which `POST /v1/predictions` runs.
struct Version {
  std::string_view id;
  std::string_view created_at;
  std::string_view cog_version;
  const Build* build;
};

/// A model that the emulator serves. The official endpoint of a model does not run its
/// `latest_version` (docs/protocol.md §2).
struct Model {
  std::string_view owner;
  std::string_view name;
  std::string_view description;
  std::string_view created_at;
  const Build* official = nullptr;  ///< null: the model is not official
  Version latest = {};              ///< has no build if the model has no version
  std::int64_t run_count = 0;

  [[nodiscard]] std::string full_name() const;
  /// The `version` of predictions at the official endpoint, which is not the ID of a version.
  [[nodiscard]] std::string official_version() const;
};

/// A deployment runs a model's official build.
struct Deployment {
  std::string_view owner;
  std::string_view name;
  std::string_view model;  ///< owner/name
};

[[nodiscard]] std::span<const Model> models();
[[nodiscard]] const Model* find_model(std::string_view owner, std::string_view name);
/// `name` is "owner/name".
[[nodiscard]] const Model* find_model(std::string_view name);
/// Finds the model whose version has this ID.
[[nodiscard]] const Model* find_model_of_version(std::string_view id);
/// Whether `text` contains `wanted`, in any case.
[[nodiscard]] bool contains_word(std::string_view text, std::string_view wanted);
/// The models whose name or description contains `wanted`, in any case.
[[nodiscard]] std::vector<const Model*> find_models(std::string_view wanted);
[[nodiscard]] std::span<const Deployment> deployments();
[[nodiscard]] const Deployment* find_deployment(std::string_view owner, std::string_view name);

/// The objects of docs/protocol.md §4.
[[nodiscard]] Json model_json(const Model& model);
[[nodiscard]] Json version_json(const Version& version);

}  // namespace rellama::emulator
