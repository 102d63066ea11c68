#include "prompt/build.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace rellama::prompt {
namespace {

using enum InputType;

constexpr InputSpec plain(std::string_view name, InputType type, std::optional<double> minimum = {},
                          std::optional<double> maximum = {}) {
  return {name, name, type, minimum, maximum};
}

// The versions of September 2023, the pinned 02e509c… among them (docs/protocol.md §7).
constexpr std::array kSeptember2023Inputs{
    plain("prompt", string),
    plain("system_prompt", string),
    plain("max_new_tokens", integer, 1),
    plain("min_new_tokens", integer, -1),
    plain("temperature", number, 0.01, 5),
    plain("top_p", number, 0, 1),
    plain("top_k", integer, 0),
    plain("stop_sequences", string),
    plain("seed", integer),
    plain("debug", boolean),
    plain("replicate_weights", string),
};

// The base models' versions of 2023: no chat, so no system prompt. Which of two sets of inputs they
// take is not known (docs/protocol.md §7), so this is both, and only what a user asks for is sent.
constexpr std::array kBase2023Inputs{
    plain("prompt", string),
    plain("max_new_tokens", integer, 1),
    plain("min_new_tokens", integer, -1),
    plain("temperature", number, 0.01, 5),
    plain("top_p", number, 0, 1),
    plain("top_k", integer, 0),
    plain("repetition_penalty", number, 0),
    plain("stop_sequences", string),
    plain("seed", integer),
    plain("debug", boolean),
    plain("prompt_template", string),
    plain("replicate_weights", string),
};

// The official models since 2024. Both names of the token limits are listed there, the older for
// old callers; the two together are refused unless they agree (E1102), so one is sent.
constexpr std::array kOfficialInputs{
    plain("prompt", string),
    plain("system_prompt", string),
    InputSpec{"max_tokens", "max_new_tokens", integer, 1, {}},
    InputSpec{"min_tokens", "min_new_tokens", integer, -1, {}},
    plain("temperature", number, 0, 5),
    plain("top_p", number, 0, 1),
    plain("top_k", integer, -1),
    plain("stop_sequences", string),
    plain("length_penalty", number, 0, 5),
    plain("presence_penalty", number),
    plain("seed", integer),
    plain("prompt_template", string),
    plain("log_performance_metrics", boolean),
};

// As above without the system prompt, which a base model has no place for.
constexpr auto kOfficialBaseInputs = [] {
  std::array<InputSpec, kOfficialInputs.size() - 1> inputs{};
  std::size_t count = 0;
  for (const InputSpec& input : kOfficialInputs) {
    if (input.name != "system_prompt") inputs[count++] = input;
  }
  return inputs;
}();

// For a model that is not known: the names most language models use, with the widest range.
constexpr std::array kCommonInputs{
    plain("prompt", string),
    plain("system_prompt", string),
    plain("max_new_tokens", integer, 1),
    plain("min_new_tokens", integer, -1),
    plain("temperature", number, 0, 5),
    plain("top_p", number, 0, 1),
    plain("top_k", integer, -1),
    plain("stop_sequences", string),
    plain("seed", integer),
    plain("prompt_template", string),
};

constexpr Build kSeptember2023{true, PromptForm::instruction_tags, kSeptember2023Inputs};
constexpr Build kBase2023{false, PromptForm::bare, kBase2023Inputs};
constexpr Build kOfficial{true, PromptForm::bare, kOfficialInputs};
constexpr Build kOfficialBase{true, PromptForm::bare, kOfficialBaseInputs};
constexpr Build kUnknown{false, PromptForm::bare, kCommonInputs};

using Row = std::pair<std::string_view, const Build*>;

constexpr std::array kVersions{
    Row{"02e509c789964a7ea8736978a43525956ef40397be9033abf9fd2badfe68c9e3", &kSeptember2023},
    Row{"f4e2de70d66816a838a89eeeb621910adffb0dd0baba3976c96980970978018d", &kSeptember2023},
    Row{"13c3cdee13ee059ab779f0291d29054dab00a47dad8261375654de5540165fb0", &kSeptember2023},
    Row{"a52e56fee2269a78c9279800ec88898cecb6c8f1df22a6483132bea266648f00", &kBase2023},
    Row{"078d7a002387bd96d93b0302a4c03b3f15824b63104034bfa943c63a8f208c38", &kBase2023},
    Row{"527827021d8756c7ab79fde0abbfaac885c37a3ed5fe23c7465093f0878d55ef", &kBase2023},
};

constexpr std::array kModels{
    Row{"meta/llama-2-7b-chat", &kOfficial},
    Row{"meta/llama-2-13b-chat", &kOfficial},
    Row{"meta/llama-2-70b-chat", &kOfficial},
    Row{"meta/meta-llama-3-8b-instruct", &kOfficial},
    Row{"meta/meta-llama-3-70b-instruct", &kOfficial},
    Row{"meta/llama-2-7b", &kOfficialBase},
    Row{"meta/llama-2-13b", &kOfficialBase},
    Row{"meta/llama-2-70b", &kOfficialBase},
};

template <std::size_t N>
const Build& look_up(const std::array<Row, N>& rows, std::string_view key) {
  const auto row =
      std::find_if(rows.begin(), rows.end(), [key](const Row& r) { return r.first == key; });
  return row == rows.end() ? kUnknown : *row->second;
}

// The two generations of names for the token limits.
std::string_view rellamas_name(std::string_view name) {
  if (name == "max_tokens") return "max_new_tokens";
  if (name == "min_tokens") return "min_new_tokens";
  return name;
}

}  // namespace

const Build& find_build(const ModelRef& ref) noexcept {
  if (const auto* version = std::get_if<ModelVersion>(&ref)) return look_up(kVersions, version->id);
  if (std::holds_alternative<ModelName>(ref)) return look_up(kModels, render_model_ref(ref));
  return kUnknown;
}

const InputSpec* find_input(const Build& build, std::string_view name) noexcept {
  // In a build that is not known, a name means itself: it may list both, or neither.
  const std::string_view wanted = build.known ? rellamas_name(name) : name;
  const auto found =
      std::find_if(build.inputs.begin(), build.inputs.end(),
                   [wanted](const InputSpec& input) { return input.parameter == wanted; });
  return found == build.inputs.end() ? nullptr : &*found;
}

}  // namespace rellama::prompt
