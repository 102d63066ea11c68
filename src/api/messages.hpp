#pragma once

#include <string>
#include <vector>

#include "api/field.hpp"
#include "rellama/generate.hpp"

namespace rellama::api {

/// Who says something.
enum class Role { system, user, assistant };

/// One message.
struct Message {
  Role role;
  std::string text;
};

/// Reads a list of messages whose fields are those of `table`. `path` is the name of the list.
/// Throws Error (invalid_input).
[[nodiscard]] std::vector<Message> read_messages(const Json& list, const FieldTable& table,
                                                 const std::string& path);

/// Reads the text of a message: a text, or a list of texts and text parts. Null is no text. Throws
/// Error (invalid_input).
[[nodiscard]] std::string read_content(const Json& content, const std::string& path);

/// Makes a request of a conversation: its system prompt, which replaces the one that the request
/// has, earlier turns, prompt, and, if the last message is the assistant's, the beginning of the
/// answer. Messages of the same role that follow one another are one. Throws Error (invalid_input)
/// if the user says nothing.
void set_conversation(const std::vector<Message>& messages, const std::string& path,
                      GenerateRequest& request);

}  // namespace rellama::api
