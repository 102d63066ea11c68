// The writers of the protocols, and what they share.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/answer_writer.hpp"

namespace rellama::api {

[[nodiscard]] std::unique_ptr<AnswerWriter> make_chat_writer(bool include_usage);
[[nodiscard]] std::unique_ptr<AnswerWriter> make_completion_writer(bool include_usage);
[[nodiscard]] std::unique_ptr<AnswerWriter> make_response_writer();
[[nodiscard]] std::unique_ptr<AnswerWriter> make_ollama_writer(bool is_chat);
[[nodiscard]] std::unique_ptr<AnswerWriter> make_message_writer();

/// Seconds since 1970, as OpenAI's protocol has times.
[[nodiscard]] std::int64_t seconds_of(std::chrono::system_clock::time_point time) noexcept;

/// `data: JSON` and a blank line.
[[nodiscard]] std::string render_event(const Json& data);
/// The same with `event: NAME` in front.
[[nodiscard]] std::string render_event(std::string_view name, const Json& data);

}  // namespace rellama::api
