#include "emulator/builds.hpp"

#include <array>

namespace rellama::emulator {
namespace {

using enum InputType;

constexpr std::string_view kPlainSystem = "You are a helpful assistant.";
constexpr std::string_view kHonestSystem = "You are a helpful, respectful and honest assistant.";
constexpr std::string_view kCarefulSystem =
    "You are a helpful, respectful and honest assistant. Be as helpful as you can without causing "
    "harm, keep to what is fair and lawful, and say so when you do not know something instead of "
    "making it up.";

constexpr std::string_view kLlama2Template =
    "[INST] <<SYS>>\n{system_prompt}\n<</SYS>>\n\n{prompt} [/INST]";
constexpr std::string_view kOfficialLlama2Template =
    "<s>[INST] <<SYS>>\n{system_prompt}\n<</SYS>>\n\n{prompt} [/INST]";
constexpr std::string_view kLlama3Template =
    "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n{system_prompt}<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\n{prompt}<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n";

// Inputs shared by several builds.

constexpr InputSpec prompt() {
  return {.name = "prompt",
          .type = string,
          .description = "Text to continue or answer.",
          .required = true};
}

constexpr InputSpec system_prompt(std::string_view by_default) {
  return {.name = "system_prompt",
          .type = string,
          .description = "How the assistant should behave.",
          .default_value = by_default};
}

constexpr InputSpec prompt_template(std::string_view by_default) {
  return {.name = "prompt_template",
          .type = string,
          .description = "Template for the prompt and the system prompt.",
          .default_value = by_default};
}

constexpr InputSpec max_new_tokens() {
  return {.name = "max_new_tokens",
          .type = integer,
          .description = "Maximum number of tokens to generate.",
          .default_value = std::int64_t{128},
          .minimum = 1};
}

constexpr InputSpec min_new_tokens() {
  return {.name = "min_new_tokens",
          .type = integer,
          .description = "Minimum number of tokens to generate; -1 for no limit.",
          .default_value = std::int64_t{-1},
          .minimum = -1};
}

constexpr InputSpec max_tokens() {
  return {.name = "max_tokens",
          .type = integer,
          .description = "Maximum number of tokens to generate.",
          .default_value = std::int64_t{512},
          .minimum = 1};
}

constexpr InputSpec min_tokens() {
  return {.name = "min_tokens",
          .type = integer,
          .description = "Minimum number of tokens to generate; -1 for no limit.",
          .minimum = -1};
}

/// An older name of an input, which the official builds still accept.
constexpr InputSpec old_name(InputSpec input) {
  input.default_value = {};
  return input;
}

constexpr InputSpec temperature(double by_default, double minimum) {
  return {.name = "temperature",
          .type = number,
          .description = "Randomness of the output; low values are more predictable.",
          .default_value = by_default,
          .minimum = minimum,
          .maximum = 5};
}

constexpr InputSpec top_p(double by_default) {
  return {.name = "top_p",
          .type = number,
          .description = "Sample from the most likely tokens with this total probability.",
          .default_value = by_default,
          .minimum = 0,
          .maximum = 1};
}

constexpr InputSpec top_k(std::int64_t by_default, double minimum) {
  return {.name = "top_k",
          .type = integer,
          .description = "Sample from this many of the most likely tokens.",
          .default_value = by_default,
          .minimum = minimum};
}

constexpr InputSpec stop_sequences(InputSpec::Default by_default = {}) {
  return {.name = "stop_sequences",
          .type = string,
          .description = "Comma-separated texts at which to stop.",
          .default_value = by_default};
}

/// The same as a list, as Cog writes a `List[str]`.
constexpr InputSpec stop_list() {
  return {.name = "stop_sequences", .type = strings, .description = "Texts at which to stop."};
}

constexpr InputSpec seed(InputSpec::Default by_default = {}) {
  return {.name = "seed",
          .type = integer,
          .description = "Random seed; leave out for a random one.",
          .default_value = by_default};
}

constexpr InputSpec repetition_penalty(double by_default) {
  return {.name = "repetition_penalty",
          .type = number,
          .description = "Values above 1 discourage repetition.",
          .default_value = by_default,
          .minimum = 0};
}

constexpr InputSpec length_penalty() {
  return {.name = "length_penalty",
          .type = number,
          .description = "Values below 1 favor shorter output, above 1 longer output.",
          .default_value = 1.0,
          .minimum = 0,
          .maximum = 5};
}

constexpr InputSpec presence_penalty() {
  return {.name = "presence_penalty",
          .type = number,
          .description = "Values above 0 make tokens that occurred less likely.",
          .default_value = 0.0};
}

constexpr InputSpec boolean_off(std::string_view name, std::string_view description) {
  return {.name = name, .type = boolean, .description = description, .default_value = false};
}

constexpr InputSpec debug() {
  return boolean_off("debug", "Write more to the logs.");
}

constexpr InputSpec log_performance_metrics() {
  return boolean_off("log_performance_metrics", "Write timings to the logs.");
}

constexpr InputSpec replicate_weights() {
  return {.name = "replicate_weights",
          .type = string,
          .description = "URL of the weights of a fine-tuned model."};
}

// One table for each build: docs/protocol.md §7.

constexpr std::array kChat2023Inputs{prompt(),
                                     system_prompt(kPlainSystem),
                                     max_new_tokens(),
                                     min_new_tokens(),
                                     temperature(0.75, 0.01),
                                     top_p(0.9),
                                     top_k(50, 0),
                                     stop_sequences(),
                                     seed(),
                                     debug(),
                                     replicate_weights()};

constexpr std::array kBase2023Inputs{
    prompt(),   max_new_tokens(),   min_new_tokens(), temperature(0.75, 0.01),
    top_p(0.9), top_k(50, 0),       stop_sequences(), seed(),
    debug(),    replicate_weights()};

constexpr std::array kTemplateChatInputs{prompt(),
                                         system_prompt(kHonestSystem),
                                         max_new_tokens(),
                                         min_new_tokens(),
                                         temperature(0.7, 0.01),
                                         top_p(0.95),
                                         repetition_penalty(1.15),
                                         stop_sequences(),
                                         seed(),
                                         debug(),
                                         prompt_template(kLlama2Template),
                                         replicate_weights()};

constexpr std::array kOfficialChatInputs{prompt(),
                                         system_prompt(kCarefulSystem),
                                         max_tokens(),
                                         old_name(max_new_tokens()),
                                         min_tokens(),
                                         old_name(min_new_tokens()),
                                         temperature(0.7, 0),
                                         top_p(0.95),
                                         top_k(0, -1),
                                         stop_sequences(),
                                         seed(),
                                         length_penalty(),
                                         presence_penalty(),
                                         prompt_template(kOfficialLlama2Template),
                                         log_performance_metrics()};

constexpr std::array kOfficialBaseInputs{prompt(),
                                         max_tokens(),
                                         old_name(max_new_tokens()),
                                         min_tokens(),
                                         old_name(min_new_tokens()),
                                         temperature(0.7, 0),
                                         top_p(0.95),
                                         top_k(0, -1),
                                         stop_sequences(),
                                         seed(),
                                         length_penalty(),
                                         presence_penalty(),
                                         prompt_template("{prompt}"),
                                         log_performance_metrics()};

constexpr std::array kOfficialLlama3Inputs{
    prompt(),
    system_prompt(kPlainSystem),
    max_tokens(),
    old_name(max_new_tokens()),
    min_tokens(),
    old_name(min_new_tokens()),
    temperature(0.7, 0),
    top_p(0.95),
    top_k(0, -1),
    stop_sequences(std::string_view("<|end_of_text|>,<|eot_id|>")),
    seed(),
    length_penalty(),
    presence_penalty(),
    prompt_template(kLlama3Template),
    log_performance_metrics()};

constexpr std::array kLatestLlama3Inputs{prompt(),   max_tokens(),  temperature(0.6, 0),
                                         top_p(0.9), top_k(50, -1), stop_sequences()};

constexpr std::array kRawChatInputs{prompt(), max_new_tokens(), temperature(0.7, 0.01), top_p(0.95),
                                    stop_list()};

constexpr std::array kMistralInputs{
    prompt(),   max_new_tokens(), temperature(0.7, 0.01),
    top_p(0.9), stop_sequences(), prompt_template("[INST] {prompt} [/INST]")};

constexpr std::array<std::string_view, 3> kTones{"plain", "gothic", "comic"};

constexpr std::array kStorytellerInputs{
    prompt(),
    InputSpec{.name = "max_length",
              .type = integer,
              .description = "Maximum number of tokens to generate.",
              .default_value = std::int64_t{500},
              .minimum = 1},
    temperature(0.75, 0.01),
    top_p(1),
    InputSpec{.name = "tone",
              .type = string,
              .description = "Tone of the story.",
              .default_value = std::string_view("plain"),
              .choices = kTones},
    repetition_penalty(1),
    stop_sequences(),
    seed(std::int64_t{-1}),
    debug()};

// docs/protocol.md §8: for Falcon, names and defaults are published; for LLaMA 1, only the names.
constexpr std::array kFalconInputs{
    prompt(),
    InputSpec{.name = "max_length",
              .type = integer,
              .description = "Maximum number of tokens to generate.",
              .default_value = std::int64_t{500},
              .minimum = 1},
    temperature(0.75, 0.01),
    top_p(1),
    repetition_penalty(1),
    length_penalty(),
    InputSpec{.name = "no_repeat_ngram_size",
              .type = integer,
              .description = "Size of token groups that may not repeat; 0 for no limit.",
              .default_value = std::int64_t{0},
              .minimum = 0},
    stop_sequences(),
    seed(std::int64_t{-1}),
    debug()};

constexpr std::array kLlama1Inputs{prompt(), top_p(0.95), temperature(0.8, 0.01),
                                   InputSpec{.name = "max_gen_len",
                                             .type = integer,
                                             .description = "Maximum number of tokens to generate.",
                                             .default_value = std::int64_t{256},
                                             .minimum = 1}};

constexpr std::array kTextOnlyInputs{
    InputSpec{.name = "text", .type = string, .description = "Text to process.", .required = true}};

constexpr std::array kPainterInputs{prompt(),
                                    InputSpec{.name = "num_outputs",
                                              .type = integer,
                                              .description = "Number of pictures.",
                                              .default_value = std::int64_t{1},
                                              .minimum = 1,
                                              .maximum = 4},
                                    InputSpec{.name = "size",
                                              .type = integer,
                                              .description = "Width and height in pixels.",
                                              .default_value = std::int64_t{64},
                                              .minimum = 1,
                                              .maximum = 2048},
                                    seed()};

constexpr std::array kPromptOnlyInputs{prompt()};

}  // namespace

const Build kChat2023{.inputs = kChat2023Inputs,
                      .prompt_handling = PromptHandling::strip_and_wrap,
                      .opens_with_empty = true,
                      .bounds_as_floats = true};
const Build kBase2023{
    .inputs = kBase2023Inputs, .opens_with_empty = true, .bounds_as_floats = true};
const Build kTemplateChat{.inputs = kTemplateChatInputs,
                          .prompt_handling = PromptHandling::template_2023,
                          .opening = " ",
                          .opens_with_empty = true};
const Build kOfficialChat{.inputs = kOfficialChatInputs,
                          .prompt_handling = PromptHandling::template_official,
                          .opening = " "};
const Build kOfficialBase{.inputs = kOfficialBaseInputs,
                          .prompt_handling = PromptHandling::template_official,
                          .opening = " "};
const Build kOfficialLlama3{.inputs = kOfficialLlama3Inputs,
                            .prompt_handling = PromptHandling::template_official,
                            .context_window = 8192,
                            .opening = "\n\n",
                            .closes_with_empty = true};
const Build kLatestLlama3{
    .inputs = kLatestLlama3Inputs, .context_window = 8192, .closes_with_empty = true};
const Build kStoryteller{.inputs = kStorytellerInputs, .context_window = 2048};
const Build kFalcon{.inputs = kFalconInputs, .context_window = 2048};
const Build kLlama1{.inputs = kLlama1Inputs, .context_window = 2048};
const Build kEcho{.inputs = kOfficialChatInputs,
                  .prompt_handling = PromptHandling::template_official,
                  .reply_mode = ReplyMode::echo};
const Build kEchoBytes{.inputs = kOfficialChatInputs,
                       .prompt_handling = PromptHandling::template_official,
                       .reply_mode = ReplyMode::echo_bytes};
const Build kRawChat{.inputs = kRawChatInputs, .context_window = 2048};
const Build kMistral{.inputs = kMistralInputs, .prompt_handling = PromptHandling::template_2023};
const Build kClassifier{.inputs = kTextOnlyInputs, .output = OutputShape::object};
const Build kSummarizer{.inputs = kTextOnlyInputs, .output = OutputShape::text};
const Build kPainter{.inputs = kPainterInputs, .output = OutputShape::files};
const Build kIconist{.inputs = kPromptOnlyInputs, .output = OutputShape::data_url};
const Build kDetector{.inputs = kPromptOnlyInputs, .output = OutputShape::objects};

Json default_of(const InputSpec& input) {
  struct ToJson {
    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(bool value) const { return value; }
    Json operator()(std::int64_t value) const { return value; }
    Json operator()(double value) const { return value; }
    Json operator()(std::string_view value) const { return std::string(value); }
  };
  return std::visit(ToJson{}, input.default_value);
}

Json value_of(const Build& build, const Json& input, std::string_view name) {
  if (const auto given = input.find(name); given != input.end()) return *given;
  for (const InputSpec& spec : build.inputs) {
    if (spec.name == name) return default_of(spec);
  }
  return nullptr;
}

}  // namespace rellama::emulator
