#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rellama::emulator {

/// What the emulator does wrong on purpose; the grammar of `--fault`, see `parse_fault`.
struct Fault;

/// Whose API is served.
enum class DialectName { replicate, cog };

/// How the emulated Replicate, or the emulated container, behaves. The defaults answer at once and
/// make no mistakes.
struct EmulatorOptions {
  DialectName dialect = DialectName::replicate;
  std::string container_model = "meta/llama-2-7b-chat";  ///< of a Cog container: owner/name
  bool event_streams = true;  ///< whether the model in a Cog container offers event streams

  std::string host = "127.0.0.1";          ///< loopback only
  int port = 0;                            ///< 0: any free port
  std::chrono::milliseconds latency{0};    ///< before each answer
  std::chrono::milliseconds cold_boot{0};  ///< how long a prediction stays in `starting`
  double token_rate = 0;                   ///< tokens a second; 0: as fast as possible
  std::int64_t context_window = 0;  ///< tokens, prompt and output together; 0: each build's own
  std::vector<std::string> faults;  ///< scripted failures, each as `parse_fault` reads it

  /// How long a stream may have nothing to say before it ends with a 408 comment.
  std::chrono::milliseconds stream_timeout{std::chrono::seconds(30)};
  /// How long input, output and logs of a finished prediction are kept.
  std::chrono::milliseconds retention{std::chrono::hours(1)};
  std::size_t prediction_page_size = 100;  ///< of `GET /v1/predictions`
  std::size_t model_page_size = 25;        ///< of `GET /v1/models`

  /// Is handed one line for each request, without line end and never with a token. It is called
  /// from several threads, one call at a time.
  std::function<void(std::string_view)> access_log = {};
};

/// A request as it reached the emulator. The value of `Authorization` is not kept.
struct RecordedRequest {
  std::string method;
  std::string path;                                          ///< decoded, without the query
  std::string target;                                        ///< as sent: path and query
  std::vector<std::pair<std::string, std::string>> headers;  ///< all but Authorization
  bool authorized = false;           ///< whether there was an Authorization header
  std::string authorization_scheme;  ///< "Bearer", say
  std::string body;

  /// The value of the first header of that name (in any case), or "".
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// Replicate's API, or a Cog container's, on loopback, with canned answers. It runs on its own
/// threads from `start` until it is destroyed.
class Emulator {
 public:
  /// Throws rellama::Error (invalid_input) for a fault it does not understand and for a host that
  /// is not loopback.
  explicit Emulator(const EmulatorOptions& options);
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  /// Binds and begins to serve; returns when requests are accepted. Throws rellama::Error (network)
  /// if the port is taken. An emulator that was stopped does not start again.
  void start();

  /// Ends all connections and waits for the threads. Idempotent.
  void stop();

  [[nodiscard]] int port() const noexcept;
  /// `http://127.0.0.1:PORT/v1`, or a container's `http://127.0.0.1:PORT`.
  [[nodiscard]] std::string base_url() const;

  /// What arrived so far, oldest first; only the latest 10,000 are kept.
  [[nodiscard]] std::vector<RecordedRequest> requests() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rellama::emulator
