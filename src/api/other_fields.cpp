// The fields of Ollama's and Anthropic's protocols, and the list of all tables.

#include <array>

#include "api/field_tables.hpp"

namespace rellama::api {
namespace {

using enum Treatment;

constexpr std::string_view kHardware = "Replicate's hardware is not chosen here";

constexpr std::array kOllamaChat{
    Field{.name = "messages", .note = "see below; without any, the model counts as loaded"},
    Field{.name = "model", .note = "as above; `:latest` is ignored"},
    Field{.name = "stream", .note = "true unless it is set"},
    Field{.name = "options", .note = "see below"},
    Field{.name = "keep_alive", .treatment = label},
    Field{.name = "format", .treatment = usual, .usual = R"([""])"},
    Field{.name = "tools", .treatment = usual, .usual = "[[]]"},
    Field{.name = "think", .treatment = usual, .usual = "[false]"},
    Field{.name = "logprobs", .treatment = usual, .usual = "[false]"},
    Field{.name = "top_logprobs", .treatment = usual, .usual = "[0]"},
};

constexpr std::array kOllamaMessage{
    Field{.name = "role", .note = "`system`, `user` or `assistant`"},
    Field{.name = "content"},
    Field{.name = "thinking", .treatment = label, .note = "the model does not see it"},
    Field{.name = "images", .treatment = usual, .usual = "[[]]"},
    Field{.name = "tool_calls", .treatment = usual, .usual = "[[]]"},
};

constexpr std::array kOllamaGenerate{
    Field{.name = "prompt", .note = "without one, the model counts as loaded"},
    Field{.name = "system"},
    Field{.name = "model", .note = "as above; `:latest` is ignored"},
    Field{.name = "stream", .note = "true unless it is set"},
    Field{.name = "options", .note = "see below"},
    Field{.name = "keep_alive", .treatment = label},
    Field{.name = "format", .treatment = usual, .usual = R"([""])"},
    Field{.name = "raw", .treatment = usual, .usual = "[false]"},
    Field{.name = "suffix", .treatment = usual, .usual = R"([""])"},
    Field{.name = "template", .treatment = usual, .usual = R"([""])"},
    Field{.name = "context", .treatment = usual, .usual = "[[]]"},
    Field{.name = "images", .treatment = usual, .usual = "[[]]"},
    Field{.name = "think", .treatment = usual, .usual = "[false]"},
    Field{.name = "logprobs", .treatment = usual, .usual = "[false]"},
    Field{.name = "top_logprobs", .treatment = usual, .usual = "[0]"},
};

constexpr std::array kOllamaOption{
    Field{.name = "num_predict",
          .parameter = "max_new_tokens",
          .note = "-1 and -2: as long as the model's default"},
    Field{.name = "temperature",
          .parameter = "temperature",
          .note = "0 becomes the lowest value that the model accepts"},
    Field{.name = "top_p", .parameter = "top_p"},
    Field{.name = "top_k", .parameter = "top_k"},
    Field{.name = "seed", .parameter = "seed"},
    Field{.name = "stop", .parameter = "stop_sequences", .note = "cut here, as above"},
    Field{.name = "repeat_penalty", .treatment = input, .usual = "[1]"},
    Field{.name = "frequency_penalty", .treatment = input, .usual = "[0]"},
    Field{.name = "presence_penalty", .treatment = input, .usual = "[0]"},
    Field{.name = "min_p", .treatment = input, .usual = "[0]"},
    Field{.name = "typical_p", .treatment = input, .usual = "[1]"},
    Field{.name = "tfs_z", .treatment = usual, .usual = "[1]"},
    Field{.name = "mirostat", .treatment = usual, .usual = "[0]"},
    Field{.name = "mirostat_eta", .treatment = label, .note = "without mirostat"},
    Field{.name = "mirostat_tau", .treatment = label, .note = "without mirostat"},
    Field{.name = "repeat_last_n", .treatment = label, .note = "without repeat_penalty"},
    Field{.name = "penalize_newline", .treatment = label, .note = "without repeat_penalty"},
    Field{.name = "num_ctx", .treatment = label, .note = "the model's own window is used"},
    Field{.name = "num_keep", .treatment = label, .note = "the first turn is always kept"},
    Field{.name = "num_batch", .treatment = label, .note = kHardware},
    Field{.name = "num_gpu", .treatment = label, .note = kHardware},
    Field{.name = "main_gpu", .treatment = label, .note = kHardware},
    Field{.name = "num_thread", .treatment = label, .note = kHardware},
    Field{.name = "num_gqa", .treatment = label, .note = kHardware},
    Field{.name = "numa", .treatment = label, .note = kHardware},
    Field{.name = "low_vram", .treatment = label, .note = kHardware},
    Field{.name = "f16_kv", .treatment = label, .note = kHardware},
    Field{.name = "use_mmap", .treatment = label, .note = kHardware},
    Field{.name = "use_mlock", .treatment = label, .note = kHardware},
    Field{.name = "vocab_only", .treatment = usual, .usual = "[false]"},
};

constexpr std::array kAnthropic{
    Field{.name = "messages", .note = "see below"},
    Field{.name = "system", .note = "a string, or a list of text parts"},
    Field{.name = "model", .note = "as above"},
    Field{.name = "stream"},
    Field{.name = "max_tokens", .parameter = "max_new_tokens", .note = "may be left out"},
    Field{.name = "temperature",
          .parameter = "temperature",
          .note = "0 becomes the lowest value that the model accepts"},
    Field{.name = "top_p", .parameter = "top_p"},
    Field{.name = "top_k", .parameter = "top_k"},
    Field{.name = "stop_sequences", .parameter = "stop_sequences", .note = "cut here, as above"},
    Field{.name = "metadata", .treatment = label},
    Field{.name = "service_tier", .treatment = label},
    Field{.name = "cache_control", .treatment = label},
    Field{.name = "thinking", .treatment = usual, .usual = R"([{"type":"disabled"}])"},
    Field{.name = "tools", .treatment = usual, .usual = "[[]]"},
    Field{
        .name = "tool_choice", .treatment = usual, .usual = R"([{"type":"auto"},{"type":"none"}])"},
    Field{.name = "mcp_servers", .treatment = usual, .usual = "[[]]"},
    Field{.name = "container", .treatment = usual},
    Field{.name = "context_management", .treatment = usual},
    Field{.name = "output_config", .treatment = usual, .usual = "[{}]"},
    Field{.name = "output_format", .treatment = usual},
};

constexpr std::array kAnthropicMessage{
    Field{.name = "role", .note = "`user` or `assistant`; also `system`"},
    Field{.name = "content", .note = "a string, or a list of text parts"},
    Field{.name = "id", .treatment = label},
    Field{.name = "type", .treatment = usual, .usual = R"(["message"])"},
};

constexpr std::array kTables{
    &chat_fields,
    &chat_message_fields,
    &part_fields,
    &stream_option_fields,
    &completion_fields,
    &response_fields,
    &response_item_fields,
    &ollama_chat_fields,
    &ollama_message_fields,
    &ollama_generate_fields,
    &ollama_option_fields,
    &anthropic_fields,
    &anthropic_message_fields,
};

}  // namespace

const FieldTable ollama_chat_fields{"POST /api/chat", kOllamaChat};
const FieldTable ollama_message_fields{"The messages of /api/chat", kOllamaMessage};
const FieldTable ollama_generate_fields{"POST /api/generate", kOllamaGenerate};
const FieldTable ollama_option_fields{"options of Ollama", kOllamaOption, true};
const FieldTable anthropic_fields{"POST /v1/messages", kAnthropic, true};
const FieldTable anthropic_message_fields{"The messages of /v1/messages", kAnthropicMessage};

std::span<const FieldTable* const> field_tables() noexcept {
  return kTables;
}

}  // namespace rellama::api
