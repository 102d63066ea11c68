#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <optional>

#include "generate/resolve.hpp"
#include "generate/run_task.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/generate.hpp"
#include "replicate/api.hpp"
#include "replicate/create.hpp"
#include "replicate/fetch_model.hpp"
#include "replicate/fetch_prediction.hpp"
#include "replicate/follow.hpp"
#include "replicate/upload.hpp"

namespace rellama {

/// What an earlier process has done of a run.
struct RunStart {
  std::optional<PredictionId> prediction = {};                        ///< started it
  std::optional<std::chrono::system_clock::time_point> sent_at = {};  ///< may have started it
};

/// The options of the create request of a run. `waits`: whether a response to a request that polls
/// may wait for the answer.
[[nodiscard]] CreateOptions create_options(const GenerateRequest& request, bool waits);

/// Runs one prompt with a model hosted by Replicate:
///
///     fetch the schema, if needed ──▶ upload files ──▶ create ──▶ follow ──▶ done
///                                      404: find the version ─┘   ▲   │
///     started before: read the prediction ────────────────────────┘   └── stopped, failed ──▶
///                                                                           cancel ──▶ done
class HostedRun final : public RunTask {
 public:
  /// `api`, `request` and `sink` must outlive this. Without a sink, the prediction is left running.
  HostedRun(replicate::Api& api, const GenerateRequest& request, EventSink* sink, bool waits,
            RunStart start = {});

  http::Step handle(const http::Event& event) override;
  [[nodiscard]] bool held() const override;
  [[nodiscard]] Prediction take() override;
  [[nodiscard]] const Prediction& created() const noexcept override { return prediction_; }
  [[nodiscard]] bool was_not_searched() const noexcept override { return not_searched_; }
  [[nodiscard]] bool waits_to_be_sent() const noexcept override {
    return fetch_ || upload_ || (create_ && create_->is_waiting());
  }

 private:
  using Time = http::Clock::time_point;

  http::Step advance(const http::Event& event);
  http::Step begin(const http::Event& event);
  http::Step fetch(Time now);
  http::Step handle_fetch(const http::Event& event);
  http::Step pick_up(Time now);
  http::Step handle_pick_up(const http::Event& event);
  http::Step prepare(Time now);
  http::Step handle_upload(const http::Event& event);
  http::Step create(prompt::RenderedPrompt rendered, Time now);
  http::Step handle_create(const http::Event& event);
  http::Step begin_following(Prediction created, Time now);
  http::Step follow(Prediction created, Time now);
  http::Step handle_follow(const http::Event& event);
  http::Step give_up(Time now);
  http::Step handle_cancel(const http::Event& event);
  void read_canceled(const std::string& body);

  void use_version_of(std::optional<Model> model);

  replicate::Api& api_;
  const GenerateRequest& request_;
  EventSink* const sink_;
  const bool waits_;
  const RunStart start_;
  std::unique_ptr<ResolvedModel> resolved_;
  // One at a time; thousands of runs may be under way.
  std::unique_ptr<replicate::FetchModel> fetch_;
  std::unique_ptr<replicate::Upload> upload_;
  std::unique_ptr<replicate::FetchPrediction> pick_up_;
  std::unique_ptr<replicate::Create> create_;
  std::unique_ptr<replicate::Follow> follow_;
  std::unique_ptr<replicate::Exchange> cancel_;
  Uploads uploads_;
  std::size_t uploading_ = 0;       // the place of the file
  std::optional<Error> not_found_;  // the answer to a create request by name
  std::optional<ErrorKind> stop_;
  bool not_searched_ = false;
  PromptFit fit_ = {};
  Prediction prediction_;  // what is kept of it when it was created, then as it ended
  std::exception_ptr error_;
};

}  // namespace rellama
