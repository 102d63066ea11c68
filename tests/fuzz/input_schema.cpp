// A server may publish any schema: reading it, listing its inputs and holding an input against it
// come to an end, and what is refused is refused by an Error. The input is the OpenAPI document.

#include "prompt/input_schema.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "fuzz/fuzz.hpp"
#include "prompt/render.hpp"
#include "rellama/error.hpp"

namespace rellama::fuzz {
namespace {

const ModelRef kModel = ModelName{"ann", "model"};

void check_listing(const prompt::InputSchema& schema) {
  const prompt::Build build = schema.build();
  require(build.inputs.size() == schema.inputs().size(), "the build takes what the schema lists");
  for (const prompt::SchemaInput& input : schema.inputs()) {
    require(!prompt::describe(input).empty(), "there is something to say of every input");
    const auto is_json = [](const std::string& text) { return nlohmann::json::accept(text); };
    require(input.default_value.empty() || is_json(input.default_value), "a default is JSON");
    for (const std::string& choice : input.choices) require(is_json(choice), "a choice is JSON");
    require(prompt::find_input(build, input.name) != nullptr, "an input goes by its own name");
  }
}

// Every input gets the same value; what comes of it is an input or a refusal.
void check_value(const prompt::InputSchema& schema, const InputValue& value) {
  GenerationParameters parameters;
  for (const prompt::SchemaInput& input : schema.inputs()) {
    if (input.name != "prompt") parameters.others.push_back({input.name, value});
  }
  try {
    (void)prompt::render_input({kModel, schema.build(), &schema}, "Hi", parameters);
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::invalid_input, "a value that is refused is the user's");
  }
}

}  // namespace
}  // namespace rellama::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rellama;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto schema = prompt::InputSchema::parse({text});
  if (!schema) return 0;
  fuzz::check_listing(*schema);
  for (const InputValue& value :
       {InputValue(UntypedText{"1"}), InputValue(std::string("a")), InputValue(0.5),
        InputValue(JsonText{"[1,null,{}]"}), InputValue(JsonText{"{\"a\":[]}"})}) {
    fuzz::check_value(*schema, value);
  }
  return 0;
}
