#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rellama/client.hpp"
#include "rellama/cog.hpp"
#include "rellama/download.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/generate.hpp"
#include "rellama/stop.hpp"

namespace rellama {

/// Answers prompts: the models hosted by Replicate, or the model in a Cog container. Programs that
/// support both use this interface. Calls block and may throw Error. A backend must be used by one
/// thread at a time.
class Backend {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  /// What a request would be answered by, for people: "meta/llama-2-70b-chat", or "the model at
  /// http://localhost:5000".
  [[nodiscard]] virtual std::string name(const GenerateRequest& request) const = 0;

  /// Whether a request selects the model. A container has only one.
  [[nodiscard]] virtual bool has_models() const noexcept = 0;

  /// The request that `ask` would send, as far as it is known without the network and without a
  /// token. Throws Error (invalid_input) if `ask` would reject the request.
  [[nodiscard]] virtual PreparedRequest prepare(const GenerateRequest& request) const = 0;

  /// Gets ready to send: reads the token, if there is one. `ask` does this too; call it earlier to
  /// fail before anything else happens. Throws Error (unauthorized).
  virtual void authenticate() = 0;

  /// Checks a request against everything known about its model, which may fetch the model's schema.
  /// `ask` will then not reject it before sending it. Throws Error.
  virtual void check(const GenerateRequest& request, const StopToken& stop = {}) = 0;

  /// The names of the request's inputs that are neither to be shown nor stored. May fetch the
  /// model's schema, as `check`. Throws Error.
  [[nodiscard]] virtual std::vector<std::string> find_secrets(const GenerateRequest& request,
                                                              const StopToken& stop = {}) = 0;

  /// Runs a prompt to its end, as `generate` does.
  virtual Prediction ask(const GenerateRequest& request, EventSink& sink,
                         const StopToken& stop = {}) = 0;

  /// Cancels a prediction. Safe to repeat.
  virtual void cancel(const Prediction& prediction, const StopToken& stop = {}) = 0;

  /// Downloads a file that a prediction produced, as `Client::download` does.
  virtual void download(const std::string& url, FileSink& sink, const DownloadOptions& options = {},
                        const StopToken& stop = {}) = 0;
};

/// Models hosted by Replicate.
class ReplicateBackend final : public Backend {
 public:
  /// Returns the token. Called once, before the first request.
  using TokenFunction = std::function<ApiToken()>;

  ReplicateBackend(ClientOptions options, TokenFunction token);

  [[nodiscard]] std::string name(const GenerateRequest& request) const override;
  [[nodiscard]] bool has_models() const noexcept override { return true; }
  [[nodiscard]] PreparedRequest prepare(const GenerateRequest& request) const override;
  void authenticate() override { (void)client(); }
  void check(const GenerateRequest& request, const StopToken& stop) override;
  [[nodiscard]] std::vector<std::string> find_secrets(const GenerateRequest& request,
                                                      const StopToken& stop) override;
  Prediction ask(const GenerateRequest& request, EventSink& sink, const StopToken& stop) override;
  void cancel(const Prediction& prediction, const StopToken& stop) override;
  void download(const std::string& url, FileSink& sink, const DownloadOptions& options,
                const StopToken& stop) override;

  /// The client behind it, for everything but prompts. Throws what `TokenFunction` throws.
  [[nodiscard]] Client& client();

 private:
  ClientOptions options_;
  TokenFunction token_;
  std::optional<Client> client_;
};

/// The model in a Cog container.
class CogBackend final : public Backend {
 public:
  /// Throws Error (invalid_input) if the container's URL cannot be used.
  explicit CogBackend(CogOptions options);

  [[nodiscard]] std::string name(const GenerateRequest& request) const override;
  [[nodiscard]] bool has_models() const noexcept override { return false; }
  [[nodiscard]] PreparedRequest prepare(const GenerateRequest& request) const override;
  void authenticate() override {}
  void check(const GenerateRequest& request, const StopToken& stop) override;
  [[nodiscard]] std::vector<std::string> find_secrets(const GenerateRequest& request,
                                                      const StopToken& stop) override;
  Prediction ask(const GenerateRequest& request, EventSink& sink, const StopToken& stop) override;
  void cancel(const Prediction& prediction, const StopToken& stop) override;
  void download(const std::string& url, FileSink& sink, const DownloadOptions& options,
                const StopToken& stop) override;

 private:
  CogOptions options_;
  CogClient client_;
};

}  // namespace rellama
