#pragma once

#include <optional>

#include "http/task.hpp"
#include "rellama/client.hpp"
#include "replicate/api.hpp"

namespace rellama::replicate {

/// Fetches the published data of a model, or of one version of it. Throws Error.
class FetchModel final : public http::Task {
 public:
  /// `model` must have a name, so it is not a deployment.
  FetchModel(Api& api, const ModelRef& model);

  http::Step handle(const http::Event& event) override;

  /// The model, once the task is done. That of a version has only its name and the version.
  [[nodiscard]] Model take() { return std::move(model_); }

 private:
  Api& api_;
  Model model_;
  bool is_version_;
  Exchange exchange_;
};

}  // namespace rellama::replicate
