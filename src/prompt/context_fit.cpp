#include "prompt/context_fit.hpp"

#include <algorithm>
#include <charconv>

#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "wire/counted.hpp"
#include "wire/json_document.hpp"

#include <nlohmann/json.hpp>

namespace rellama::prompt {
namespace {

// If the context window of a model is unknown: that of Llama 2, which most models have at least.
constexpr std::int64_t kGuessedWindow = 4096;

// Reserved for the answer if its length is not set: the default of the official models.
constexpr std::int64_t kUnsetAnswer = 512;

[[noreturn]] void throw_too_long(const Target& target, const PromptFit& fit) {
  throw Error(ErrorKind::invalid_input,
              {.failed = "the message is too long for " + render_model_ref(target.model),
               .why = "with the system prompt it has about " +
                      wire::counted(fit.estimated_tokens, "token") +
                      ", and the context window has " + std::to_string(fit.window) + ", less " +
                      std::to_string(fit.answer_tokens) + " for the answer",
               .remedy = "shorten it or lower max_new_tokens (--no-validate sends it anyway)",
               .input = "prompt"});
}

std::int64_t answer_tokens(const Target& target, const Input& input) {
  const InputSpec* spec = find_input(target.build, "max_new_tokens");
  const std::string_view name = spec == nullptr ? "max_new_tokens" : spec->name;
  for (const InputField& field : input) {
    const auto* number = std::get_if<std::int64_t>(&field.value);
    const bool is_limit = field.name == name || parameter_of(field.name) == "max_new_tokens";
    if (is_limit && number != nullptr) return std::max<std::int64_t>(*number, 0);
  }
  std::int64_t value = kUnsetAnswer;
  if (const auto text = default_of(target, name)) {
    std::from_chars(text->data(), text->data() + text->size(), value);
  }
  return value;
}

}  // namespace

std::optional<std::string> default_of(const Target& target, std::string_view name) {
  if (target.schema == nullptr) return std::nullopt;
  for (const SchemaInput& input : target.schema->inputs()) {
    if (input.name != name || input.default_value.empty()) continue;
    const auto json = wire::find_json(input.default_value);
    return json.is_string() ? std::optional(json.get<std::string>()) : input.default_value;
  }
  return std::nullopt;
}

PromptFit fit_context(const Target& target, const Transcript& transcript, const Input& input,
                      const std::vector<std::string>& turns, std::int64_t fixed) {
  PromptFit fit{.answer_tokens = answer_tokens(target, input), .window = kGuessedWindow};
  if (transcript.family != nullptr && transcript.family->context_length > 0) {
    fit.window = transcript.family->context_length;
    fit.window_is_known = true;
  }
  std::vector<std::int64_t> costs;
  fit.estimated_tokens = fixed;
  for (const std::string& turn : turns) {
    fit.estimated_tokens += costs.emplace_back(transcript.tokens.count(turn));
  }
  const std::int64_t room = fit.window - fit.answer_tokens;
  while (fit.estimated_tokens > room && fit.turns_dropped < costs.size()) {
    const bool is_last = fit.turns_dropped + 1 == costs.size();
    fit.estimated_tokens -= is_last ? costs.front() : costs[fit.turns_dropped + 1];
    ++fit.turns_dropped;
  }
  if (fit.estimated_tokens > room && fit.window_is_known && target.validation == Validation::full) {
    throw_too_long(target, fit);
  }
  return fit;
}

std::int64_t system_tokens(const TokenEstimate& tokens, const Input& input) {
  for (const InputField& field : input) {
    const auto* text = std::get_if<std::string>(&field.value);
    if (field.name == "system_prompt" && text != nullptr) return tokens.count(*text);
  }
  return 0;
}

// Nothing is reserved for the answer: the model ends it where the window ends. A conversation
// reserves it (fit_context), because its earliest turns can be left out.
void check_fits(const Target& target, const Transcript& transcript, const Input& input) {
  const CatalogueFamily* family = transcript.family;
  if (family == nullptr || family->context_length <= 0) return;
  if (target.validation != Validation::full) return;
  const std::int64_t system = system_tokens(transcript.tokens, input);
  const std::int64_t estimated = transcript.tokens.count(transcript.prompt) + system;
  if (estimated < family->context_length) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "the prompt is too long for " + render_model_ref(target.model),
               .why = std::string(system > 0 ? "with the system prompt it" : "it") + " has about " +
                      wire::counted(estimated, "token") + ", and the context window has " +
                      std::to_string(family->context_length),
               .remedy = "shorten it (--no-validate sends it anyway)",
               .input = "prompt"});
}

}  // namespace rellama::prompt
