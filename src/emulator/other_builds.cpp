// Builds of models that are not language models with a `prompt`.

#include <array>

#include "emulator/builds.hpp"

namespace rellama::emulator {
namespace {

using enum InputType;

constexpr std::array<std::string_view, 2> kStyles{"short", "long"};

constexpr std::array kCaptionerInputs{
    InputSpec{.name = "image", .type = file, .description = "Picture.", .required = true},
    InputSpec{.name = "question", .type = string, .description = "Question.", .required = true},
    InputSpec{.name = "hint", .type = string, .description = "Hint.", .nullable = true},
    InputSpec{.name = "words",
              .type = integer,
              .description = "Number of words.",
              .minimum = 1,
              .maximum = 8,
              .nullable = true},
    InputSpec{.name = "style",
              .type = string,
              .description = "Style.",
              .choices = kStyles,
              .nullable = true},
    InputSpec{.name = "tags", .type = strings, .description = "Tags.", .nullable = true}};

constexpr std::array kTalkerInputs{
    InputSpec{
        .name = "messages", .type = messages, .description = "Conversation.", .required = true},
    InputSpec{.name = "seed", .type = integer, .description = "Seed.", .nullable = true}};

}  // namespace

const Build kCaptioner{.inputs = kCaptionerInputs};
const Build kTalker{.inputs = kTalkerInputs};

}  // namespace rellama::emulator
