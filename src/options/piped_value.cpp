#include "options/piped_value.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "rellama/error.hpp"

namespace rellama::program {
namespace {

constexpr std::string_view kStdin = "@-";

// Whether it is KEY=@-, but not KEY:=@-, which is JSON.
bool is_piped(const std::string& assignment) {
  const auto equals = assignment.find('=');
  return equals != std::string::npos && equals > 0 && assignment[equals - 1] != ':' &&
         assignment.substr(equals + 1) == kStdin;
}

std::ptrdiff_t count_uses(const ModelOptions& model, const PromptOptions& prompt) {
  const auto& parameters = prompt.prompt_template.parameters;
  return (model.system == kStdin ? 1 : 0) +
         std::count_if(model.assignments.begin(), model.assignments.end(), is_piped) +
         std::count_if(parameters.begin(), parameters.end(), is_piped);
}

}  // namespace

bool has_piped_value(const ModelOptions& model, const PromptOptions& prompt) {
  return count_uses(model, prompt) > 0;
}

void read_piped_value(ModelOptions& model, PromptOptions& prompt, const Context& context,
                      const StopToken& stop) {
  const std::ptrdiff_t uses = count_uses(model, prompt);
  if (uses == 0) return;
  if (uses > 1 || prompt.sources.marks_stdin()) {
    throw Error(ErrorKind::invalid_input, {.failed = "standard input can be used only once",
                                           .remedy = "leave '-' or '@-' in one place"});
  }
  if (prompt.sources.no_stdin) {
    throw Error(ErrorKind::invalid_input, {.failed = "'@-' and --no-stdin cannot be combined",
                                           .remedy = "leave out one of them"});
  }
  std::string text = read_stdin(context.streams.in, stop);
  prompt.sources.no_stdin = true;  // it has been read
  for (std::string& assignment : model.assignments) {
    if (!is_piped(assignment)) continue;
    assignment = assignment.substr(0, assignment.find('=')) + ":=" + nlohmann::json(text).dump();
  }
  model.piped = text;
  prompt.prompt_template.piped = std::move(text);
}

}  // namespace rellama::program
