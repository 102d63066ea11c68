#include "api/messages.hpp"

#include <optional>
#include <utility>

#include "api/field_tables.hpp"
#include "prompt/checks.hpp"
#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

constexpr std::string_view kBetween = "\n\n";

Role read_role(const Json& value, const std::string& path) {
  const std::string role = require_text(value, path);
  if (role == "system" || role == "developer") return Role::system;
  if (role == "user") return Role::user;
  if (role == "assistant") return Role::assistant;
  throw unusable(path, "a message has the role '" + role + "'", "use system, user and assistant");
}

std::string read_part(const Json& part, const std::string& path) {
  if (part.is_string()) return require_text(part, path);
  require_object(part, path);
  const std::string type = wire::string_at(part, "type");
  if (type != "text" && type != "input_text" && type != "output_text") {
    throw unusable(path + ".type", "a message has a part that is not text",
                   "these models read text only");
  }
  std::optional<std::string> text;
  read_fields(part, part_fields, path + ".",
              {.honor =
                   [&](const Field& field, const Json& value) {
                     if (field.name == "text") text = require_text(value, path + ".text");
                   },
               .set_input = {}});
  if (!text) throw unusable(path + ".text", "a text part has no text");
  return *std::move(text);
}

void append(std::string& text, std::string_view more) {
  if (!text.empty() && !more.empty()) text += kBetween;
  text += more;
}

}  // namespace

std::string read_content(const Json& content, const std::string& path) {
  if (content.is_null()) return {};
  if (content.is_string()) return require_text(content, path);
  if (!content.is_array()) {
    throw unusable(path, "the content of a message is not text",
                   "send a string or a list of text parts");
  }
  std::string text;
  std::size_t number = 0;
  for (const Json& part : content) {
    text += read_part(part, path + "[" + std::to_string(number++) + "]");
  }
  return text;
}

std::vector<Message> read_messages(const Json& list, const FieldTable& table,
                                   const std::string& path) {
  if (!list.is_array() || list.empty()) {
    throw unusable(path, "'" + path + "' is not a list of messages");
  }
  std::vector<Message> messages;
  for (const Json& item : list) {
    const std::string at = path + "[" + std::to_string(messages.size()) + "]";
    require_object(item, at);
    std::optional<Role> role;
    std::string text;
    read_fields(item, table, at + ".",
                {.honor =
                     [&](const Field& field, const Json& value) {
                       if (field.name == "role") role = read_role(value, at + ".role");
                       if (field.name == "content") text = read_content(value, at + ".content");
                     },
                 .set_input = {}});
    if (!role) throw unusable(at + ".role", "a message has no role");
    if (!item.contains("content")) throw unusable(at + ".content", "a message has no content");
    messages.push_back({.role = *role, .text = std::move(text)});
  }
  return messages;
}

void set_conversation(const std::vector<Message>& messages, const std::string& path,
                      GenerateRequest& request) {
  std::optional<std::string> system;
  std::optional<std::string> user;
  std::vector<Turn>& turns = request.earlier;
  turns.clear();
  for (const auto& [role, text] : messages) {
    if (role == Role::system) {
      append(system ? *system : system.emplace(), text);
    } else if (role == Role::user) {
      append(user ? *user : user.emplace(), text);
    } else if (prompt::is_blank(text)) {
      continue;
    } else if (user || turns.empty()) {
      turns.push_back({std::exchange(user, std::nullopt).value_or(std::string()), text});
    } else {
      append(turns.back().assistant, text);
    }
  }
  if (system) request.parameters.system_prompt = std::move(system);
  request.answer_start.clear();
  if (user) {
    request.prompt = *std::move(user);
  } else if (!turns.empty()) {
    request.prompt = std::move(turns.back().user);
    request.answer_start = std::move(turns.back().assistant);
    turns.pop_back();
  }
  if (!prompt::is_blank(request.prompt)) return;
  throw unusable(path, request.answer_start.empty() ? "the last message of the user is empty"
                                                    : "an answer follows no message of the user");
}

}  // namespace rellama::api
