#include "prompt/messages.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "prompt/checks.hpp"
#include "prompt/context_fit.hpp"
#include "prompt/parameters.hpp"
#include "wire/json_document.hpp"

namespace rellama::prompt {
namespace {

using MessageJson = nlohmann::ordered_json;

constexpr std::string_view kMessages = "messages";

MessageJson message(const char* role, std::string_view content) {
  return {{"role", role}, {"content", content}};
}

const SchemaInput* find_schema_input(const Target& target, std::string_view name) {
  if (target.schema == nullptr) return nullptr;
  const auto& inputs = target.schema->inputs();
  const auto found = std::find_if(inputs.begin(), inputs.end(),
                                  [name](const SchemaInput& input) { return input.name == name; });
  return found == inputs.end() ? nullptr : &*found;
}

// A model that takes a list as text parses it as JSON.
InputValue render_as(const MessageJson& messages, const SchemaInput& input) {
  std::string json = wire::render_json(messages);
  if (input.input_type == InputType::string && !input.is_list) return json;
  return JsonText{std::move(json)};
}

}  // namespace

const SchemaInput* find_messages_input(const Target& target) {
  const SchemaInput* input = find_schema_input(target, kMessages);
  if (input == nullptr) return nullptr;
  const bool takes_objects = input->input_type == InputType::any;
  const bool takes_json = input->input_type == InputType::string && !input->is_list;
  return takes_objects || takes_json ? input : nullptr;
}

bool is_sent_as_messages(const Target& target, const GenerationParameters& parameters,
                         bool is_conversation) {
  const Input& others = parameters.others;
  const bool is_set = std::any_of(others.begin(), others.end(),
                                  [](const InputField& field) { return field.name == kMessages; });
  if (is_set || find_messages_input(target) == nullptr) return false;
  const auto& inputs = target.schema->inputs();
  const auto is_text = [](const SchemaInput& input) {
    return input.input_type == InputType::string && !input.is_list && input.choices.empty() &&
           input.name != kMessages;
  };
  const bool requires_text = std::any_of(inputs.begin(), inputs.end(), [&](const auto& input) {
    return is_text(input) && input.required &&
           std::none_of(others.begin(), others.end(),
                        [&](const InputField& field) { return field.name == input.name; });
  });
  if (requires_text) return false;
  const SchemaInput* prompt = find_schema_input(target, "prompt");
  const bool is_required = find_messages_input(target)->required;
  return is_conversation || prompt == nullptr || (is_required && !prompt->required);
}

RenderedPrompt render_messages(const Target& target, const Transcript& transcript,
                               const GenerationParameters& parameters) {
  check_text("the prompt", transcript.prompt);
  check_not_blank(transcript.prompt);
  check_text("the beginning of the answer", transcript.answer_start);
  GenerationParameters others = parameters;
  MessageJson opening = MessageJson::array();
  MessageJson newest = MessageJson::array({message("user", transcript.prompt)});
  if (!is_blank(transcript.answer_start)) {
    newest.push_back(message("assistant", transcript.answer_start));
  }
  std::int64_t fixed =
      transcript.tokens.count(transcript.prompt) + transcript.tokens.count(transcript.answer_start);
  if (others.system_prompt) {
    check_text("system_prompt", *others.system_prompt);
    fixed += transcript.tokens.count(*others.system_prompt);
    if (find_input(target.build, "system_prompt") == nullptr) {
      if (!is_blank(*others.system_prompt)) {
        opening.push_back(message("system", *others.system_prompt));
      }
      others.system_prompt.reset();
    }
  }
  const SchemaInput& input = *find_messages_input(target);
  std::vector<Turn> turns = transcript.earlier;
  std::vector<std::string> texts;
  for (const Turn& turn : turns) {
    check_text("an earlier message", turn.user);
    check_text("an earlier answer", turn.assistant);
    texts.push_back(turn.user + turn.assistant);
  }
  // First with only the newest message, to validate it and to learn the other inputs.
  MessageJson messages = opening;
  messages.insert(messages.end(), newest.begin(), newest.end());
  others.others.push_back({std::string(kMessages), render_as(messages, input)});
  const PromptFit fit =
      fit_context(target, transcript, render_input(target, "", others), texts, fixed);
  drop_turns(turns, fit.turns_dropped);
  messages = opening;
  for (const Turn& turn : turns) {
    messages.push_back(message("user", turn.user));
    messages.push_back(message("assistant", turn.assistant));
  }
  messages.insert(messages.end(), newest.begin(), newest.end());
  others.others.back().value = render_as(messages, input);
  return {render_input(target, "", others), fit};
}

}  // namespace rellama::prompt
