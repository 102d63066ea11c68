#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "emulator/json.hpp"

namespace rellama::emulator {

enum class InputType { string, integer, number, boolean, strings };

/// One input a build lists (docs/protocol.md §7); their order is the `x-order` of the schema.
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
};

/// What a build does to `prompt` before the model reads it (docs/protocol.md §7).
enum class Treatment {
  strip_and_wrap,     ///< the 2023-09 chat builds: strip character sets, always wrap
  raw,                ///< the model reads the prompt as it stands
  template_2023,      ///< format prompt_template, strip one leading <s>
  template_official,  ///< format prompt_template; mistakes are E1xxx failures
};

/// What `output` is.
enum class OutputShape {
  tokens,
  text,
  object,
  objects,   ///< a list of them
  files,     ///< a list of URLs under which the emulator serves pictures
  data_url,  ///< one picture in its own URL
};

/// Where the words come from.
enum class Voice { canned, echo, echo_bytes };

/// A piece of software that runs a model: its inputs and what it makes of them.
struct Build {
  std::span<const InputSpec> inputs;
  Treatment treatment = Treatment::raw;
  OutputShape output = OutputShape::tokens;
  Voice voice = Voice::canned;
  std::int64_t context_window = 4096;
  std::string_view opening = {};   ///< white space the answer begins with
  bool opens_with_empty = false;   ///< the first chunk is ""
  bool closes_with_empty = false;  ///< the last chunk is ""
  bool bounds_as_floats = false;   ///< the schema says `1.0` where it means 1
};

extern const Build kChat2023;        ///< 02e509c… and its 7b and 13b siblings of 2023-09
extern const Build kBase2023;        ///< their base models
extern const Build kTemplateChat;    ///< the builds of 2023-12, with prompt_template
extern const Build kOfficialChat;    ///< what the official endpoint of llama-2-*-chat runs
extern const Build kOfficialBase;    ///< …of llama-2-7b, 13b, 70b
extern const Build kOfficialLlama3;  ///< …of meta-llama-3-*-instruct
extern const Build kLatestLlama3;    ///< the `latest_version` of those, which differs
extern const Build kFalcon;          ///< joehoover/falcon-40b-instruct
extern const Build kLlama1;          ///< replicate/llama-7b of 2023
extern const Build kStoryteller;     ///< a community model with inputs of its own
extern const Build kEcho;            ///< answers with the prompt as it was seen
extern const Build kEchoBytes;       ///< the same, cut inside of characters
extern const Build kRawChat;     ///< reads a prompt as it stands; takes a list of stop sequences
extern const Build kMistral;     ///< mistral-7b-instruct and mixtral-8x7b-instruct
extern const Build kClassifier;  ///< its output is an object
extern const Build kSummarizer;  ///< its output is one string

extern const Build kPainter;   ///< its output is a list of files
extern const Build kIconist;   ///< its output is one file in a data: URL
extern const Build kDetector;  ///< its output is a list of objects

/// The default as JSON; null if there is none.
[[nodiscard]] Json default_of(const InputSpec& input);

/// What the build works with: the value given, or else the default; null if there is neither.
[[nodiscard]] Json value_of(const Build& build, const Json& input, std::string_view name);

/// The `openapi_schema` of a version that runs `build`, in the shape Cog writes it
/// (docs/protocol.md §4).
[[nodiscard]] Json openapi_schema(const Build& build);

}  // namespace rellama::emulator
