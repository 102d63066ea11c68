// What a user types and a model answers passes for no turn but its own, whatever it is. The input
// is a byte that chooses a model and that text.

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "emulator/turns.hpp"
#include "fuzz/fuzz.hpp"
#include "prompt/conversation.hpp"
#include "rellama/error.hpp"

namespace rellama::fuzz {
namespace {

std::string prompt_of(const Input& input) {
  for (const InputField& field : input) {
    if (field.name == "prompt") return std::get<std::string>(field.value);
  }
  return {};
}

std::size_t count_turns(const std::string& prompt) {
  const auto turns = emulator::read_turns(prompt);
  return static_cast<std::size_t>(std::count_if(turns.begin(), turns.end(), [](const auto& turn) {
    return turn.role != emulator::Role::system;
  }));
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama;
  static const std::vector<std::string> kModels{
      "meta/llama-2-70b-chat",       "meta/meta-llama-3-70b-instruct",
      "lucataco/vicuna-13b-v1.3",    "mistralai/mistral-7b-instruct-v0.1",
      "meta/codellama-70b-instruct", "meta/llama-2-70b"};
  if (size < 2) return 0;
  const ModelRef ref = parse_model_ref(kModels[data[0] % kModels.size()]);
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  // A letter at each end: a side that says nothing is no turn for the reader.
  const std::string said = "a" + text + "z";
  const std::vector<Turn> earlier{{said, said}};
  try {
    const auto [input, fit] = prompt::render_transcript(
        {.model = ref, .build = prompt::find_build(ref)},
        {.earlier = earlier, .prompt = said, .family = prompt::find_family({}, ref), .tokens = {}},
        {});
    const std::size_t expected = 2 * (1 - fit.turns_dropped) + 1;
    fuzz::require(fuzz::count_turns(fuzz::prompt_of(input)) == expected,
                  "a text passed for a turn");
  } catch (const Error& error) {
    fuzz::require(error.kind() == ErrorKind::invalid_input, "an unexpected error");
  }
  return 0;
}
