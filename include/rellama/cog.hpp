#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "rellama/client.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/generate.hpp"
#include "rellama/input.hpp"
#include "rellama/prediction.hpp"
#include "rellama/stop.hpp"

namespace rellama {

/// How to reach a model in a Cog container (docs/protocol.md §9). There is no token.
struct CogOptions {
  /// The container's root. https, or http on a loopback address.
  std::string base_url = "http://127.0.0.1:5000";
  std::string ca_file = {};  ///< PEM bundle to trust instead of the system's; empty: the system's
  std::string proxy = {};    ///< URL; empty: `HTTPS_PROXY` and its kin decide
  std::chrono::milliseconds connect_timeout{10'000};
  /// How long an event stream may bring nothing, not even a sign of life, before it counts as
  /// broken. Cog gives one every 15 s.
  std::chrono::milliseconds stall_timeout{45'000};
  /// How long a container that is starting, or busy with another run, is waited for.
  std::chrono::milliseconds patience{std::chrono::minutes(10)};
  int retries = 3;  ///< further attempts after a broken connection
  /// The pause before the first further attempt; it doubles up to 60 times this.
  std::chrono::milliseconds backoff{500};
  bool allow_http = false;  ///< whether plain http may be used off this machine too
  LogFunction log = {};
};

/// What a container says of itself (`GET /health-check`).
struct CogHealth {
  enum class State { starting, ready, busy, setup_failed, defunct, unhealthy, unknown };
  State state = State::unknown;
  std::string state_text;  ///< the container's own word
  std::string logs;        ///< of its setup
};

/// A model in a Cog container: it runs one prediction in one request. Every call blocks; all of
/// them throw Error. Used by one thread at a time.
class CogClient {
 public:
  explicit CogClient(CogOptions options = {});
  ~CogClient();
  CogClient(CogClient&&) noexcept;
  CogClient& operator=(CogClient&&) noexcept;

  CogHealth health(const StopToken& stop = {});

  /// What the model takes and gives: its OpenAPI document.
  JsonText schema(const StopToken& stop = {});

  /// Runs a prediction and gives its final state; the events go to `sink` as in `Client::follow`.
  /// A container that is starting or at capacity is waited for. A connection that breaks is made
  /// again with the same prediction id, which the container takes for the same run as long as that
  /// goes on; text that came before is not shown again, and a run that began anew with another text
  /// is an error (incomplete). If the run has to end early it is cancelled.
  /// `delivery` poll: no event stream, the answer comes whole.
  Prediction run(const Input& input, Delivery delivery, EventSink& sink,
                 const StopToken& stop = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The request that `CogClient::run` would send first, with an id as it would choose one. Throws
/// Error (invalid_input).
[[nodiscard]] PreparedRequest prepare_run(const CogOptions& options, const Input& input,
                                          Delivery delivery);

/// As `generate` with a Client: runs one prompt from beginning to end. The container runs one
/// model: `request.model` is not used. Its schema decides what is sent, where it can be had.
Prediction generate(CogClient& client, const GenerateRequest& request, EventSink& sink,
                    const StopToken& stop = {});

/// The request that `generate` would send first, made without asking the container what it takes.
/// Throws Error (invalid_input).
[[nodiscard]] PreparedRequest prepare_generate(const CogOptions& options,
                                               const GenerateRequest& request);

}  // namespace rellama
