// Ollama's and Anthropic's requests.

#include <optional>

#include "api/field_tables.hpp"
#include "api/messages.hpp"
#include "api/read_orders.hpp"

namespace rellama::api {
namespace {

// Ollama: -1 is no limit, -2 the rest of the context. Both leave it to the model.
bool is_no_limit(const Field& field, const Json& value) {
  return field.name == "num_predict" && (value == -1 || value == -2);
}

void read_options(const Json& options, Order& order) {
  const std::string path = "options";
  require_object(options, path);
  read_fields(options, ollama_option_fields, path + ".",
              {.honor =
                   [&](const Field& field, const Json& value) {
                     if (is_no_limit(field, value)) return;
                     set_parameter(field, value, path + "." + std::string(field.name), order);
                   },
               .set_input = [&](const std::string& name,
                                const Json& value) { set_other(name, value, order); }});
}

template <typename TakeOwn>
void read_ollama(const Json& body, const FieldTable& table, Order& order, TakeOwn take_own) {
  read_fields(body, table, "",
              {.honor =
                   [&](const Field& field, const Json& value) {
                     const std::string name(field.name);
                     if (name == "stream") {
                       order.stream = require_flag(value, name);
                     } else if (name == "options") {
                       read_options(value, order);
                     } else if (name != "model") {  // read before
                       take_own(name, value);
                     }
                   },
               .set_input = {}});
}

}  // namespace

void read_ollama_chat(const Json& body, Order& order) {
  std::vector<Message> messages;
  read_ollama(body, ollama_chat_fields, order, [&](const std::string& name, const Json& value) {
    if (!value.is_array() || !value.empty()) {
      messages = read_messages(value, ollama_message_fields, name);
    }
  });
  order.only_loads = messages.empty();
  if (!order.only_loads) set_conversation(messages, "messages", order.request);
}

void read_ollama_generate(const Json& body, Order& order) {
  std::string prompt;
  read_ollama(body, ollama_generate_fields, order, [&](const std::string& name, const Json& value) {
    std::string text = require_text(value, name);
    if (name == "prompt") {
      prompt = std::move(text);
    } else if (!text.empty()) {
      order.request.parameters.system_prompt = std::move(text);
    }
  });
  order.only_loads = prompt.empty();
  order.request.prompt = std::move(prompt);
}

void read_message(const Json& body, Order& order) {
  std::vector<Message> messages;
  std::optional<std::string> system;
  if (!body.contains("messages")) throw unusable("messages", "the body has no 'messages'");
  read_fields(body, anthropic_fields, "",
              {.honor =
                   [&](const Field& field, const Json& value) {
                     const std::string name(field.name);
                     if (!field.parameter.empty()) {
                       set_parameter(field, value, name, order);
                     } else if (name == "stream") {
                       order.stream = require_flag(value, name);
                     } else if (name == "system") {
                       system = read_content(value, name);
                     } else if (name == "messages") {
                       messages = read_messages(value, anthropic_message_fields, name);
                     }
                   },
               .set_input = [&](const std::string& name,
                                const Json& value) { set_other(name, value, order); }});
  if (system) messages.insert(messages.begin(), {.role = Role::system, .text = *std::move(system)});
  set_conversation(messages, "messages", order.request);
}

}  // namespace rellama::api
