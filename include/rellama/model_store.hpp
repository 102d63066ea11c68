#pragma once

#include <optional>

#include "rellama/client.hpp"
#include "rellama/model_ref.hpp"

namespace rellama {

/// Caches the published data of models, so that it need not be fetched for every prompt.
class ModelStore {
 public:
  virtual ~ModelStore() = default;

  /// The data stored for `ref`, if it is recent enough. If `ref` is a version, `latest_version` is
  /// that version. Must not throw if stored data cannot be read.
  virtual std::optional<Model> find(const ModelRef& ref) = 0;
  /// Stores `model` as the data of `ref`. Must not throw if it cannot be stored.
  virtual void keep(const ModelRef& ref, const Model& model) = 0;
};

}  // namespace rellama
