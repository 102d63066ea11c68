#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::emulator {

/// Whose API is served.
enum class DialectName { replicate, cog };

/// How the emulated API behaves. By default it answers at once and makes no mistakes.
struct EmulatorOptions {
  DialectName dialect = DialectName::replicate;
  std::string container_model = "meta/llama-2-7b-chat";  ///< of a Cog container: owner/name
  bool event_streams = true;  ///< whether the model in a Cog container offers event streams
  std::string replay = {};    ///< a recording to serve instead; then only the next three count

  std::string host = "127.0.0.1";          ///< loopback only
  int port = 0;                            ///< 0: any free port
  std::chrono::milliseconds latency{0};    ///< before each answer
  std::chrono::milliseconds cold_boot{0};  ///< how long a prediction stays in `starting`
  double token_rate = 0;                   ///< tokens a second; 0: as fast as possible
  std::int64_t context_window = 0;  ///< tokens, prompt and output together; 0: each build's own
  std::vector<std::string> faults;  ///< scripted failures, in the grammar of faults.hpp

  int creates_a_minute = 0;     ///< more are refused; 0: no limit
  std::string refusal = "429";  ///< how: a 429 of that grammar

  /// How long a stream may be silent before it ends with a 408 comment.
  std::chrono::milliseconds stream_timeout{std::chrono::seconds(30)};
  /// How long input, output and logs of a finished prediction are kept.
  std::chrono::milliseconds retention{std::chrono::hours(1)};
  std::size_t prediction_page_size = 100;  ///< of `GET /v1/predictions`
  std::size_t model_page_size = 25;        ///< of `GET /v1/models`

  /// Receives one line for each request, without a line end and never with a token. Called on the
  /// emulator's thread.
  std::function<void(std::string_view)> access_log = {};
};

}  // namespace rellama::emulator
