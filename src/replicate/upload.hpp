#pragma once

#include <string>

#include "http/task.hpp"
#include "rellama/input.hpp"
#include "replicate/api.hpp"

namespace rellama::replicate {

/// Uploads a file to `POST /v1/files` (docs/protocol.md §4). Throws Error.
class Upload final : public http::Task {
 public:
  Upload(Api& api, const FileContent& file);

  http::Step handle(const http::Event& event) override;

  /// The URL to pass to a model, once the task is done.
  [[nodiscard]] std::string take() { return std::move(url_); }

 private:
  Exchange exchange_;
  std::string url_ = {};
};

}  // namespace rellama::replicate
