#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "emulator/json.hpp"

namespace rellama::emulator {

enum class InputType { string, integer, number, boolean, strings, file, messages };

/// An input of a build (docs/protocol.md §7). The order of a build's inputs is their `x-order`.
struct InputSpec {
  using Default = std::variant<std::monostate, bool, std::int64_t, double, std::string_view>;

  std::string_view name;
  InputType type;
  std::string_view description;
  Default default_value = {};
  std::optional<double> minimum = {};
  std::optional<double> maximum = {};
  std::span<const std::string_view> choices = {};
  bool required = false;
  bool nullable = false;  ///< Optional[T], which newer versions of Cog write as anyOf [T, null]
};

/// What a build does to `prompt` before the model reads it (docs/protocol.md §7).
enum class PromptHandling {
  strip_and_wrap,     ///< the chat builds of 2023-09: strip character sets, always wrap
  raw,                ///< the model reads the prompt unchanged
  template_2023,      ///< format prompt_template, strip one leading <s>
  template_official,  ///< format prompt_template; fail with E1xxx on errors
};

/// The type of `output`.
enum class OutputShape {
  tokens,
  text,
  object,
  objects,   ///< a list of objects
  files,     ///< a list of URLs of pictures that the emulator serves
  data_url,  ///< one picture in a data: URL
};

/// How the output is made.
enum class ReplyMode { canned, echo, echo_bytes };

/// A version of the software that runs a model: its inputs and how it behaves.
struct Build {
  std::span<const InputSpec> inputs;
  PromptHandling prompt_handling = PromptHandling::raw;
  OutputShape output = OutputShape::tokens;
  ReplyMode reply_mode = ReplyMode::canned;
  std::int64_t context_window = 4096;
  std::string_view opening = {};   ///< white space at the start of the output
  bool opens_with_empty = false;   ///< the first chunk is ""
  bool closes_with_empty = false;  ///< the last chunk is ""
  bool bounds_as_floats = false;   ///< the schema writes the bound 1 as `1.0`
};

extern const Build kChat2023;        ///< 02e509c… and the 7b and 13b builds of 2023-09
extern const Build kBase2023;        ///< the base models of 2023-09
extern const Build kTemplateChat;    ///< the builds of 2023-12, with prompt_template
extern const Build kOfficialChat;    ///< the official endpoint of llama-2-*-chat
extern const Build kOfficialBase;    ///< the official endpoint of llama-2-7b, 13b, 70b
extern const Build kOfficialLlama3;  ///< the official endpoint of meta-llama-3-*-instruct
extern const Build kLatestLlama3;    ///< the `latest_version` of meta-llama-3-*-instruct
extern const Build kFalcon;          ///< joehoover/falcon-40b-instruct
extern const Build kLlama1;          ///< replicate/llama-7b of 2023
extern const Build kStoryteller;     ///< a community model with its own inputs
extern const Build kEcho;            ///< replies with the prompt as the model saw it
extern const Build kEchoBytes;       ///< the same, in chunks that end inside characters
extern const Build kRawChat;         ///< reads prompts unchanged; takes a list of stop sequences
extern const Build kMistral;         ///< mistral-7b-instruct and mixtral-8x7b-instruct
extern const Build kClassifier;      ///< its output is an object
extern const Build kSummarizer;      ///< its output is one string

extern const Build kCaptioner;  ///< takes a file, and optional inputs
extern const Build kTalker;     ///< takes a conversation as messages

extern const Build kPainter;   ///< its output is a list of files
extern const Build kIconist;   ///< its output is one file in a data: URL
extern const Build kDetector;  ///< its output is a list of objects

/// Returns the type as JSON Schema calls it.
[[nodiscard]] std::string_view type_name(InputType type);

/// Returns the default as JSON, or null if there is none.
[[nodiscard]] Json default_of(const InputSpec& input);

/// Returns the value given, or else the default, or null if there is neither.
[[nodiscard]] Json value_of(const Build& build, const Json& input, std::string_view name);

/// Returns the `openapi_schema` of a version that runs `build`, as Cog writes it
/// (docs/protocol.md §4).
[[nodiscard]] Json openapi_schema(const Build& build);

}  // namespace rellama::emulator
