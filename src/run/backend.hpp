#pragma once

#include <memory>
#include <optional>
#include <string>

#include "rellama/cog.hpp"
#include "rellama/generate.hpp"
#include "run/answer.hpp"

namespace rellama::program {

/// Who answers in a conversation: a model that Replicate hosts, or the one in a Cog container.
class Answerer {
 public:
  Answerer() = default;
  Answerer(const Answerer&) = delete;
  Answerer& operator=(const Answerer&) = delete;
  virtual ~Answerer() = default;

  /// As a person is told it.
  [[nodiscard]] virtual std::string name(const GenerateRequest& request) const = 0;

  /// Whether a request can name another model.
  [[nodiscard]] virtual bool has_models() const = 0;

  /// The request that `generate` would send, as far as it is known without asking. Throws Error
  /// (invalid_input) where it would be refused before it is sent.
  [[nodiscard]] virtual PreparedRequest prepare(const GenerateRequest& request) const = 0;

  /// Runs the request to its end, as rellama::generate does. `client` is the one of the printer.
  virtual Prediction generate(Client& client, const GenerateRequest& request, EventSink& sink,
                              const LogFunction& log, const StopToken& stop) = 0;
};

/// The one in `container`, or Replicate if there is none. Throws Error (invalid_input).
[[nodiscard]] std::unique_ptr<Answerer> make_answerer(std::optional<CogOptions> container);

}  // namespace rellama::program
