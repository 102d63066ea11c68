#include "batch/row_fields.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "prompt/parameters.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::batch {
namespace {

InputValue input_value(const Json& value, Typing typing) {
  if (value.is_string()) {
    auto text = value.get<std::string>();
    if (typing == Typing::untyped) return UntypedText{std::move(text)};
    return text;
  }
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() >
          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return JsonText{value.dump()};
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) return value.get<double>();
  return JsonText{wire::render_json(value)};
}

// Text, or the text parts of a list: [{"type": "text", "text": "…"}].
std::string content_of(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  if (!content.is_array()) throw unusable_row("the content of a message is not text");
  std::string text;
  for (const Json& part : content) {
    if (!part.is_object() || wire::string_at(part, "type") != "text") {
      throw unusable_row("a message has a part that is not text");
    }
    text += wire::string_at(part, "text");
  }
  return text;
}

void add_system(GenerationParameters& parameters, const std::string& text, bool first) {
  std::string& system = parameters.system_prompt.emplace(
      first ? std::string() : parameters.system_prompt.value_or(std::string()) + "\n\n");
  system += text;
}

}  // namespace

Error unusable_row(std::string why, std::string remedy) {
  return Error(
      ErrorKind::invalid_input,
      {.failed = "cannot use the row", .why = std::move(why), .remedy = std::move(remedy)});
}

std::string require_text(const Json& value, std::string_view name) {
  if (value.is_string()) return value.get<std::string>();
  throw unusable_row("'" + std::string(name) + "' is not a string");
}

void set_input(const std::string& name, const Json& value, Typing typing,
               GenerateRequest& request) {
  if (value.is_null()) return;
  GenerationParameters& parameters = request.parameters;
  const std::string_view known = prompt::parameter_of(name);
  if (const prompt::Parameter* parameter = prompt::find_parameter(known)) {
    prompt::reset(*parameter, parameters);
  }
  std::erase_if(parameters.others, [known](const InputField& field) {
    return prompt::parameter_of(field.name) == known;
  });
  if (known == "stop_sequences" && value.is_array()) {
    for (const Json& item : value) parameters.stop_sequences.push_back(require_text(item, name));
    return;
  }
  parameters.others.push_back({name, input_value(value, typing)});
}

void set_messages(const Json& messages, GenerateRequest& request) {
  if (!messages.is_array() || messages.empty()) {
    throw unusable_row("'messages' is not a list of messages");
  }
  std::optional<std::string> user;
  bool first_system = true;
  for (const Json& message : messages) {
    if (!message.is_object() || !message.contains("content")) {
      throw unusable_row("a message has no content");
    }
    const std::string role = wire::string_at(message, "role");
    std::string text = content_of(message["content"]);
    if (role == "system" || role == "developer") {
      add_system(request.parameters, text, std::exchange(first_system, false));
    } else if (role == "user") {
      if (user) throw unusable_row("two messages of the user follow one another");
      user = std::move(text);
    } else if (role == "assistant") {
      if (!user) throw unusable_row("an answer follows no message of the user");
      request.earlier.push_back({*std::exchange(user, std::nullopt), std::move(text)});
    } else {
      throw unusable_row("a message has the role '" + role + "'", "use system, user and assistant");
    }
  }
  if (!user) throw unusable_row("the last message is not the user's");
  request.prompt = *std::move(user);
}

}  // namespace rellama::batch
