#pragma once

#include <optional>

#include "rellama/client.hpp"
#include "rellama/model_ref.hpp"

namespace rellama {

/// Keeps what models publish of themselves, so that it need not be fetched for every prompt.
class ModelStore {
 public:
  virtual ~ModelStore() = default;

  /// What is kept of `ref`, if it is fresh enough to be relied on. Of a version, `latest_version`
  /// is that version. Never throws for what it cannot read.
  virtual std::optional<Model> find(const ModelRef& ref) = 0;
  /// Keeps `model` as what `ref` means. That it cannot is no error.
  virtual void keep(const ModelRef& ref, const Model& model) = 0;
};

}  // namespace rellama
