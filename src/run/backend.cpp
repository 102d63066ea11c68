#include "run/backend.hpp"

#include <utility>

namespace rellama::program {
namespace {

class HostedModels final : public Answerer {
 public:
  std::string name(const GenerateRequest& request) const override {
    return render_model_ref(request.model);
  }
  bool has_models() const override { return true; }

  PreparedRequest prepare(const GenerateRequest& request) const override {
    return prepare_generate(ClientOptions{}, request);
  }

  Prediction generate(Client& client, const GenerateRequest& request, EventSink& sink,
                      const LogFunction& /*log*/, const StopToken& stop) override {
    return rellama::generate(client, request, sink, stop);
  }
};

// One client for all answers: what it learned of the container stays known.
class Container final : public Answerer {
 public:
  explicit Container(CogOptions options) : options_(std::move(options)) {
    options_.log = [this](LogLevel level, std::string_view line) {
      if (log_) log_(level, line);
    };
    client_.emplace(options_);
  }

  std::string name(const GenerateRequest& /*request*/) const override {
    return "the model at " + options_.base_url;
  }
  bool has_models() const override { return false; }

  PreparedRequest prepare(const GenerateRequest& request) const override {
    return prepare_generate(options_, request);
  }

  Prediction generate(Client& /*client*/, const GenerateRequest& request, EventSink& sink,
                      const LogFunction& log, const StopToken& stop) override {
    log_ = log;
    return rellama::generate(*client_, request, sink, stop);
  }

 private:
  CogOptions options_;
  LogFunction log_;  // of the answer that is under way
  std::optional<CogClient> client_;
};

}  // namespace

std::unique_ptr<Answerer> make_answerer(std::optional<CogOptions> container) {
  if (container) return std::make_unique<Container>(*std::move(container));
  return std::make_unique<HostedModels>();
}

}  // namespace rellama::program
