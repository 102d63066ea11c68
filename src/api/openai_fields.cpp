#include <array>

#include "api/field_tables.hpp"

namespace rellama::api {
namespace {

using enum Treatment;

constexpr std::string_view kStopNote =
    "a string or a list; the answer is cut here, so that commas and any model work";
constexpr std::string_view kTemperatureNote = "0 becomes the lowest value that the model accepts";
constexpr std::string_view kOneAnswer = "one answer to a request";
constexpr std::string_view kNoTools = "these models call no tools";

constexpr std::array kChat{
    Field{.name = "messages", .note = "see below"},
    Field{.name = "model", .note = "`owner/name`, a version, or a short name such as `70b`"},
    Field{.name = "stream"},
    Field{.name = "stream_options"},
    Field{.name = "max_tokens", .parameter = "max_new_tokens"},
    Field{.name = "max_completion_tokens", .parameter = "max_new_tokens"},
    Field{.name = "temperature", .parameter = "temperature", .note = kTemperatureNote},
    Field{.name = "top_p", .parameter = "top_p"},
    Field{.name = "seed", .parameter = "seed"},
    Field{.name = "stop", .parameter = "stop_sequences", .note = kStopNote},
    Field{.name = "frequency_penalty", .treatment = input, .usual = "[0]"},
    Field{.name = "presence_penalty", .treatment = input, .usual = "[0]"},
    Field{.name = "user", .treatment = label},
    Field{.name = "metadata", .treatment = label},
    Field{.name = "store", .treatment = label, .note = "nothing is stored"},
    Field{.name = "service_tier", .treatment = label},
    Field{.name = "safety_identifier", .treatment = label},
    Field{.name = "prompt_cache_key", .treatment = label},
    Field{.name = "prompt_cache_retention", .treatment = label},
    Field{.name = "prediction", .treatment = label, .note = "only saves time at OpenAI"},
    Field{.name = "parallel_tool_calls", .treatment = label, .note = kNoTools},
    Field{.name = "n", .treatment = usual, .usual = "[1]", .note = kOneAnswer},
    Field{.name = "logprobs", .treatment = usual, .usual = "[false]"},
    Field{.name = "top_logprobs", .treatment = usual, .usual = "[0]"},
    Field{.name = "logit_bias", .treatment = usual, .usual = "[{}]"},
    Field{.name = "response_format", .treatment = usual, .usual = R"([{"type":"text"}])"},
    Field{.name = "modalities", .treatment = usual, .usual = R"([["text"]])"},
    Field{.name = "audio", .treatment = usual},
    Field{.name = "reasoning_effort", .treatment = usual, .usual = R"(["none"])"},
    Field{.name = "verbosity", .treatment = usual, .usual = R"(["medium"])"},
    Field{.name = "tools", .treatment = usual, .usual = "[[]]", .note = kNoTools},
    Field{.name = "tool_choice", .treatment = usual, .usual = R"(["none","auto"])"},
    Field{.name = "functions", .treatment = usual, .usual = "[[]]", .note = kNoTools},
    Field{.name = "function_call", .treatment = usual, .usual = R"(["none","auto"])"},
    Field{.name = "web_search_options", .treatment = usual},
};

constexpr std::array kChatMessage{
    Field{.name = "role",
          .note = "`system` and `developer` are the same; also `user`, `assistant`"},
    Field{.name = "content", .note = "a string, a list of parts, or null"},
    Field{.name = "name", .treatment = label, .note = "the model does not see it"},
    Field{.name = "id", .treatment = label},
    Field{.name = "refusal", .treatment = usual, .usual = R"([""])"},
    Field{.name = "annotations", .treatment = usual, .usual = "[[]]"},
    Field{.name = "audio", .treatment = usual},
    Field{.name = "tool_calls", .treatment = usual, .usual = "[[]]", .note = kNoTools},
    Field{.name = "function_call", .treatment = usual, .note = kNoTools},
    Field{.name = "reasoning_content", .treatment = label, .note = "the model does not see it"},
};

constexpr std::array kPart{
    Field{.name = "type", .note = "`text`, `input_text` or `output_text`"},
    Field{.name = "text"},
    Field{.name = "cache_control", .treatment = label},
    Field{.name = "annotations", .treatment = label},
    Field{.name = "logprobs", .treatment = label},
    Field{.name = "citations", .treatment = usual, .usual = "[[]]"},
};

constexpr std::array kCompletion{
    Field{.name = "prompt", .note = "a string, or a list of one string"},
    Field{.name = "model", .note = "as above"},
    Field{.name = "stream"},
    Field{.name = "stream_options"},
    Field{.name = "max_tokens", .parameter = "max_new_tokens"},
    Field{.name = "temperature", .parameter = "temperature", .note = kTemperatureNote},
    Field{.name = "top_p", .parameter = "top_p"},
    Field{.name = "seed", .parameter = "seed"},
    Field{.name = "stop", .parameter = "stop_sequences", .note = kStopNote},
    Field{.name = "frequency_penalty", .treatment = input, .usual = "[0]"},
    Field{.name = "presence_penalty", .treatment = input, .usual = "[0]"},
    Field{.name = "user", .treatment = label},
    Field{.name = "n", .treatment = usual, .usual = "[1]", .note = kOneAnswer},
    Field{.name = "best_of", .treatment = usual, .usual = "[1]", .note = kOneAnswer},
    Field{.name = "echo", .treatment = usual, .usual = "[false]"},
    Field{.name = "suffix", .treatment = usual, .usual = R"([""])"},
    Field{.name = "logprobs", .treatment = usual, .usual = "[false]"},
    Field{.name = "logit_bias", .treatment = usual, .usual = "[{}]"},
};

constexpr std::array kResponse{
    Field{.name = "input", .note = "a string, or a list of messages"},
    Field{.name = "instructions", .note = "comes before the system messages"},
    Field{.name = "model", .note = "as above"},
    Field{.name = "stream"},
    Field{.name = "stream_options"},
    Field{.name = "max_output_tokens", .parameter = "max_new_tokens"},
    Field{.name = "temperature", .parameter = "temperature", .note = kTemperatureNote},
    Field{.name = "top_p", .parameter = "top_p"},
    Field{.name = "truncation",
          .note = "`disabled` refuses a conversation that is too long for the model; otherwise its "
                  "oldest turns are left out"},
    Field{.name = "user", .treatment = label},
    Field{.name = "metadata", .treatment = label},
    Field{.name = "store", .treatment = label, .note = "nothing is stored"},
    Field{.name = "service_tier", .treatment = label},
    Field{.name = "safety_identifier", .treatment = label},
    Field{.name = "prompt_cache_key", .treatment = label},
    Field{.name = "prompt_cache_retention", .treatment = label},
    Field{.name = "parallel_tool_calls", .treatment = label, .note = kNoTools},
    Field{.name = "max_tool_calls", .treatment = label, .note = kNoTools},
    Field{.name = "text",
          .treatment = usual,
          .usual = R"([{},{"format":{"type":"text"}},)"
                   R"({"format":{"type":"text"},"verbosity":"medium"}])"},
    Field{.name = "tools", .treatment = usual, .usual = "[[]]", .note = kNoTools},
    Field{.name = "tool_choice", .treatment = usual, .usual = R"(["none","auto"])"},
    Field{.name = "include", .treatment = usual, .usual = "[[]]"},
    Field{.name = "top_logprobs", .treatment = usual, .usual = "[0]"},
    Field{.name = "background", .treatment = usual, .usual = "[false]"},
    Field{.name = "reasoning", .treatment = usual, .usual = R"([{},{"effort":"none"}])"},
    Field{.name = "previous_response_id", .treatment = usual, .note = "nothing is stored"},
    Field{.name = "conversation", .treatment = usual, .note = "nothing is stored"},
    Field{.name = "prompt", .treatment = usual},
};

constexpr std::array kResponseItem{
    Field{.name = "type", .treatment = usual, .usual = R"(["message"])"},
    Field{.name = "role", .note = "as in a chat"},
    Field{.name = "content", .note = "as in a chat"},
    Field{.name = "id", .treatment = label},
    Field{.name = "status", .treatment = label},
    Field{.name = "phase", .treatment = label},
};

constexpr std::array kStreamOptions{
    Field{.name = "include_usage"},
    Field{.name = "include_obfuscation", .treatment = label},
};

}  // namespace

const FieldTable chat_fields{"POST /v1/chat/completions", kChat, true};
const FieldTable chat_message_fields{"The messages of a chat", kChatMessage};
const FieldTable part_fields{"The parts of a message", kPart};
const FieldTable completion_fields{"POST /v1/completions", kCompletion, true};
const FieldTable response_fields{"POST /v1/responses", kResponse, true};
const FieldTable response_item_fields{"The messages of a response", kResponseItem};
const FieldTable stream_option_fields{"stream_options", kStreamOptions};

}  // namespace rellama::api
