#include "generate/cog_run.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "cog/run.hpp"
#include "generate/cog_input.hpp"
#include "generate/resolve.hpp"

namespace rellama {
namespace {

using http::Event;
using http::Step;

class CogRun final : public RunTask {
 public:
  CogRun(const cog::Connection& connection, const GenerateRequest& request, EventSink& sink)
      : connection_(connection),
        request_(request),
        sink_(sink),
        fetch_(std::in_place, connection, request) {}

  Step handle(const Event& event) override {
    try {
      return run_ ? run_->handle(event) : fetch_schema(event);
    } catch (...) {
      error_ = std::current_exception();
      return Step::done();
    }
  }

  [[nodiscard]] bool held() const override { return run_ && run_->held(); }

  [[nodiscard]] Prediction take() override {
    if (error_) rethrow(error_, created().id);
    return run_->take();
  }

  [[nodiscard]] const Prediction& created() const noexcept override {
    static const Prediction none;
    return run_ ? run_->created() : none;
  }

 private:
  Step fetch_schema(const Event& event) {
    Step step = fetch_->handle(event);
    return step.kind == Step::Kind::done ? begin_run(event.now) : std::move(step);
  }

  Step begin_run(http::Clock::time_point now) {
    const auto [input, fit] = render_for_cog(request_, fetch_->take());
    fetch_.reset();
    if (is_conversation(request_)) sink_.prompt_fitted(fit);
    run_.emplace(connection_, input, request_.delivery, sink_);
    return run_->handle({.kind = Event::Kind::start, .now = now});
  }

  const cog::Connection& connection_;
  const GenerateRequest& request_;
  EventSink& sink_;
  std::optional<FetchCogSchema> fetch_;  // until the run begins
  std::optional<cog::Run> run_ = {};
  std::exception_ptr error_ = {};
};

}  // namespace

std::unique_ptr<RunTask> make_cog_run(const cog::Connection& connection,
                                      const GenerateRequest& request, EventSink& sink) {
  return std::make_unique<CogRun>(connection, request, sink);
}

}  // namespace rellama
