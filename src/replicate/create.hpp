#pragma once

#include <chrono>
#include <optional>

#include "http/task.hpp"
#include "rellama/client.hpp"
#include "replicate/api.hpp"
#include "replicate/create_ledger.hpp"
#include "replicate/find_created.hpp"

namespace rellama::replicate {

/// The body and the headers of a create request.
[[nodiscard]] std::string create_body(const ModelRef& model, const Input& input,
                                      const CreateOptions& options);
[[nodiscard]] http::Headers create_headers(const CreateOptions& options);

/// Starts a prediction, see Client::create:
///
///     create ──2xx──▶ done
///       └── the response is lost ──▶ search ──found──▶ done
///                                      └── not found: throws the error of the create
class Create final : public http::Task {
 public:
  Create(Api& api, ModelRef model, Input input, const CreateOptions& options);

  http::Step handle(const http::Event& event) override;

  /// The prediction, once the task is done.
  [[nodiscard]] Prediction take() { return std::move(created_); }

 private:
  http::Step search(const http::Event& event, const Error& lost);
  http::Step handle_search(const http::Event& event);
  http::Step done(Prediction prediction);

  Api& api_;
  SentCreate sent_;
  std::optional<Exchange> exchange_;
  std::optional<CreateLedger::Entry> entry_;
  std::optional<Error> lost_ = {};  // why the response is missing
  std::optional<FindCreated> find_ = {};
  Prediction created_ = {};
};

}  // namespace rellama::replicate
