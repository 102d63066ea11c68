#include <optional>

#include "api/field_tables.hpp"
#include "api/messages.hpp"
#include "api/read_orders.hpp"

namespace rellama::api {
namespace {

// The members that all of OpenAI's endpoints have. Returns whether the field is one of them.
bool take_common(const Field& field, const Json& value, Order& order) {
  const std::string name(field.name);
  if (!field.parameter.empty()) {
    set_parameter(field, value, name, order);
  } else if (name == "stream") {
    order.stream = require_flag(value, name);
  } else if (name == "stream_options") {
    require_object(value, name);
    read_fields(value, stream_option_fields, name + ".",
                {.honor =
                     [&](const Field& option, const Json& set) {
                       order.include_usage =
                           require_flag(set, name + "." + std::string(option.name));
                     },
                 .set_input = {}});
  } else {
    return name == "model";  // read before
  }
  return true;
}

template <typename TakeOwn>
void read_body(const Json& body, const FieldTable& table, Order& order, TakeOwn take_own) {
  read_fields(body, table, "",
              {.honor =
                   [&](const Field& field, const Json& value) {
                     if (!take_common(field, value, order)) take_own(field, value);
                   },
               .set_input = [&](const std::string& name,
                                const Json& value) { set_other(name, value, order); }});
}

std::string read_prompt(const Json& value, const std::string& path) {
  if (value.is_array() && value.size() == 1 && value.front().is_string()) {
    return require_text(value.front(), path);
  }
  if (!value.is_array()) return require_text(value, path);
  throw unusable(path, "'" + path + "' is not one text", "send one request for each prompt");
}

}  // namespace

void read_chat(const Json& body, Order& order) {
  std::vector<Message> messages;
  if (!body.contains("messages")) throw unusable("messages", "the body has no 'messages'");
  read_body(body, chat_fields, order, [&](const Field& /*messages*/, const Json& value) {
    messages = read_messages(value, chat_message_fields, "messages");
  });
  set_conversation(messages, "messages", order.request);
}

void read_completion(const Json& body, Order& order) {
  if (!body.contains("prompt")) throw unusable("prompt", "the body has no 'prompt'");
  read_body(body, completion_fields, order, [&](const Field& /*prompt*/, const Json& value) {
    order.request.prompt = read_prompt(value, "prompt");
  });
}

void read_response(const Json& body, Order& order) {
  std::vector<Message> messages;
  std::optional<std::string> instructions;
  read_body(body, response_fields, order, [&](const Field& field, const Json& value) {
    const std::string name(field.name);
    if (name == "instructions") {
      instructions = require_text(value, name);
    } else if (name == "truncation") {
      const std::string truncation = require_text(value, name);
      if (truncation != "auto" && truncation != "disabled") {
        throw unusable(name, "'truncation' is neither \"auto\" nor \"disabled\"");
      }
      order.keeps_turns = truncation == "disabled";
    } else if (value.is_string()) {
      messages = {{.role = Role::user, .text = require_text(value, name)}};
    } else {
      messages = read_messages(value, response_item_fields, name);
    }
  });
  if (messages.empty()) throw unusable("input", "the body has no 'input'");
  if (instructions) {
    messages.insert(messages.begin(), {.role = Role::system, .text = *std::move(instructions)});
  }
  set_conversation(messages, "input", order.request);
}

}  // namespace rellama::api
