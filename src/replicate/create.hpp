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
///
/// A request that an earlier process may have sent begins with the search:
///
///     search ──found──▶ done
///       ├── there certainly is none ──▶ create
///       └── not found: throws Error (may_have_started)
class Create final : public http::Task {
 public:
  /// `sent_before`: when an earlier process may have sent the same request.
  Create(Api& api, ModelRef model, Input input, const CreateOptions& options,
         std::optional<std::chrono::system_clock::time_point> sent_before = {});

  http::Step handle(const http::Event& event) override;

  /// The prediction, once the task is done.
  [[nodiscard]] Prediction take() { return std::move(created_); }

  /// Whether the request waits to be sent, for the first time or after a refusal.
  [[nodiscard]] bool is_waiting() const noexcept;
  /// Whether it failed before it was sent, since the predictions could not be listed.
  [[nodiscard]] bool was_not_searched() const noexcept {
    return sent_.by_earlier_process && find_ && find_->has_failed();
  }

 private:
  http::Step send(const http::Event& event);
  http::Step handle_create(const http::Event& event);
  http::Step search(const http::Event& event, const Error& lost);
  http::Step search_before(const http::Event& event);
  http::Step handle_search(const http::Event& event);
  http::Step done(Prediction prediction);

  Api& api_;
  SentCreate sent_;
  std::size_t request_;  // see CreateLedger
  std::size_t input_;    // see CreateLedger
  std::optional<Exchange> exchange_;
  std::optional<CreateLedger::Entry> entry_;
  std::optional<Error> lost_ = {};  // why the response is missing
  std::optional<FindCreated> find_ = {};
  bool starts_soon_ = false;  // the request is about to be sent after a search
  Prediction created_ = {};
};

}  // namespace rellama::replicate
