#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rellama {

/// `owner/name`: run by the official-model endpoint, `POST /v1/models/{owner}/{name}/predictions`.
struct ModelName {
  std::string owner;
  std::string name;
  bool operator==(const ModelName&) const = default;
};

/// `owner/name:version` or a bare 64-hex version: run by `POST /v1/predictions`.
struct ModelVersion {
  std::string id;                  ///< the part after the colon, which is what is sent
  std::optional<ModelName> model;  ///< the model it belongs to, if the reference names it
  bool operator==(const ModelVersion&) const = default;
};

/// `deployments/owner/name`: run by `POST /v1/deployments/{owner}/{name}/predictions`.
struct Deployment {
  std::string owner;
  std::string name;
  bool operator==(const Deployment&) const = default;
};

/// What to run. The alternative decides the API endpoint.
using ModelRef = std::variant<ModelName, ModelVersion, Deployment>;

/// Parses a model reference as a user types it, with the short names of the built-in Catalogue:
/// `7b`, `13b` and `70b` are the Llama 2 chat models of these sizes. Throws like
/// `Catalogue::parse_model_ref`.
[[nodiscard]] ModelRef parse_model_ref(std::string_view text);

/// The long form of a reference. `parse_model_ref` can parse it again.
[[nodiscard]] std::string render_model_ref(const ModelRef& ref);

}  // namespace rellama
