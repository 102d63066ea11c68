#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/failure.hpp"
#include "api/order.hpp"

namespace rellama::api {

/// What is known when an answer begins.
struct AnswerHead {
  std::string id;  ///< of the prediction
  std::string model;
  std::chrono::system_clock::time_point created;
};

/// How an answer ended.
struct AnswerEnd {
  bool is_cut_short = false;             ///< it has as many tokens as it may have
  std::optional<std::string> stop = {};  ///< the stop sequence that ended it
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::chrono::nanoseconds waited{0};    ///< from the request to the first text
  std::chrono::nanoseconds answered{0};  ///< from the first text to the end
};

/// Writes one answer as a protocol has it: at once, or as a stream. A stream is `begin`, `add` for
/// each part, and `end` or `fail`.
class AnswerWriter {
 public:
  virtual ~AnswerWriter() = default;

  /// The media type of a stream.
  [[nodiscard]] virtual const char* stream_type() const { return "text/event-stream"; }
  [[nodiscard]] virtual std::string begin(const AnswerHead& head) = 0;
  [[nodiscard]] virtual std::string add(std::string_view text) = 0;
  [[nodiscard]] virtual std::string end(const AnswerEnd& end) = 0;
  [[nodiscard]] virtual std::string fail(const Failure& failure) = 0;
  /// What shows a client that the stream is alive. OpenAI's clients need a comment: some take
  /// events for the end of the answer.
  [[nodiscard]] virtual std::string keep_alive() { return ": keep-alive\n\n"; }

  /// The whole answer, instead of a stream.
  [[nodiscard]] virtual std::string whole(const AnswerHead& head, std::string_view text,
                                          const AnswerEnd& end) = 0;
};

/// The writer for an answer to `order`.
[[nodiscard]] std::unique_ptr<AnswerWriter> make_writer(const Endpoint& endpoint,
                                                        const Order& order);

/// Ollama's reply to a request that asks nothing: the model counts as loaded.
[[nodiscard]] std::string render_loaded(const Endpoint& endpoint, const std::string& model);

}  // namespace rellama::api
