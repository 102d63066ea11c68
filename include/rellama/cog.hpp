#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "rellama/client.hpp"
#include "rellama/download.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/generate.hpp"
#include "rellama/input.hpp"
#include "rellama/prediction.hpp"
#include "rellama/stop.hpp"

namespace rellama {

class CogClient;

namespace cog {
class Connection;
Connection& connection_of(CogClient& client) noexcept;
}  // namespace cog

/// How to reach a model in a Cog container (docs/protocol.md §9). Containers take no token.
struct CogOptions {
  /// The container's root. https, or http on a loopback address.
  std::string base_url = "http://127.0.0.1:5000";
  /// The certificates of the authorities to trust, as a PEM bundle, a directory, or both. If both
  /// are empty: the system's. They apply to the server and to a proxy with https.
  std::string ca_file = {};
  std::string ca_directory = {};
  std::string proxy = {};  ///< URL; empty: use `HTTPS_PROXY` and similar variables
  bool no_proxy = false;   ///< use no proxy, not even one from the environment
  std::chrono::milliseconds connect_timeout{10'000};
  /// How long an event stream may be silent, without even a keep-alive comment, before it counts as
  /// broken. Cog sends a keep-alive every 15 s.
  std::chrono::milliseconds stall_timeout{45'000};
  /// How long to wait for a container that is starting or busy with another run.
  std::chrono::milliseconds patience{std::chrono::minutes(10)};
  int retries = 3;  ///< how often to retry after a broken connection
  /// The delay before the first retry. It doubles with each retry, up to 60 times this value.
  std::chrono::milliseconds backoff{500};
  bool allow_http = false;  ///< allow plain http to other machines
  LogFunction log = {};
};

/// The health a container reports (`GET /health-check`).
struct CogHealth {
  enum class State { starting, ready, busy, setup_failed, defunct, unhealthy, unknown };
  State state = State::unknown;
  std::string state_text;  ///< the state as the container spells it
  std::string logs;        ///< the log of its setup
};

/// A model in a Cog container, where one request runs one prediction. Every call blocks, and every
/// call may throw Error. A client must be used by one thread at a time.
class CogClient {
 public:
  explicit CogClient(CogOptions options = {});
  ~CogClient();
  CogClient(CogClient&&) noexcept;
  CogClient& operator=(CogClient&&) noexcept;

  CogHealth health(const StopToken& stop = {});

  /// The model's OpenAPI document: the schema of its input and output.
  JsonText schema(const StopToken& stop = {});

  /// Runs a prediction and returns its final state; events go to `sink` as in `Client::follow`.
  /// Waits for a container that is starting or at capacity. If the connection breaks, it reconnects
  /// with the same prediction ID, and as long as the run is active the container continues that
  /// run. Text received before is not repeated; if a restarted run produces different text, it
  /// throws Error (incomplete). Cancels the run if it has to end early.
  /// With Delivery::poll there is no event stream, and the output arrives all at once.
  Prediction run(const Input& input, Delivery delivery, EventSink& sink,
                 const StopToken& stop = {});

  /// Cancels a run. Tries once; a run also ends when its connection closes.
  void cancel(const PredictionId& id, const StopToken& stop = {});

  /// Downloads a file that a run produced, or decodes it if its URL is `data:`. As
  /// `Client::download`, but without a token.
  void download(const std::string& url, FileSink& sink, const DownloadOptions& options = {},
                const StopToken& stop = {});

  /// See Client::wake.
  void wake() noexcept;

 private:
  friend cog::Connection& cog::connection_of(CogClient& client) noexcept;
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The first request that `CogClient::run` would send, with an example prediction ID. Throws Error
/// (invalid_input).
[[nodiscard]] PreparedRequest prepare_run(const CogOptions& options, const Input& input,
                                          Delivery delivery);

/// Like `generate` with a Client. A container runs a single model, so `request.model` is ignored.
/// The model's schema decides what is sent, if the container provides it.
Prediction generate(CogClient& client, const GenerateRequest& request, EventSink& sink,
                    const StopToken& stop = {});

/// Checks a request as `generate` does before sending it, with the container's schema if it has
/// one. Throws Error.
void check_generate(CogClient& client, const GenerateRequest& request, const StopToken& stop = {});

/// The names of the inputs that are neither to be shown nor stored; see generate.hpp.
[[nodiscard]] std::vector<std::string> find_secret_inputs(CogClient& client,
                                                          const GenerateRequest& request,
                                                          const StopToken& stop = {});

/// The first prediction request that `generate` would send, built without fetching the container's
/// schema. Throws Error (invalid_input).
[[nodiscard]] PreparedRequest prepare_generate(const CogOptions& options,
                                               const GenerateRequest& request);

}  // namespace rellama
