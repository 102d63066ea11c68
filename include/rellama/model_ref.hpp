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
  std::string id;                  ///< what is sent: the part after the colon
  std::optional<ModelName> model;  ///< whose version it is, where the reference says so
  bool operator==(const ModelVersion&) const = default;
};

/// `deployments/owner/name`: run by `POST /v1/deployments/{owner}/{name}/predictions`.
struct Deployment {
  std::string owner;
  std::string name;
  bool operator==(const Deployment&) const = default;
};

/// What is to be run. Which alternative it is decides the endpoint.
using ModelRef = std::variant<ModelName, ModelVersion, Deployment>;

/// Reads a reference as a user writes it, with the short names of the compiled-in Catalogue: `7b`,
/// `13b` and `70b` are Llama 2 chat of that size. Throws as `Catalogue::parse_model_ref` does.
[[nodiscard]] ModelRef parse_model_ref(std::string_view text);

/// The long form of a reference, which `parse_model_ref` reads back.
[[nodiscard]] std::string render_model_ref(const ModelRef& ref);

}  // namespace rellama
