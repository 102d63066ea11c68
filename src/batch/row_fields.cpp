#include "batch/row_fields.hpp"

#include <algorithm>
#include <utility>

#include "api/field_tables.hpp"
#include "api/messages.hpp"
#include "rellama/error.hpp"

namespace rellama::batch {

Error unusable_row(std::string why, std::string remedy) {
  return Error(
      ErrorKind::invalid_input,
      {.failed = "cannot use the row", .why = std::move(why), .remedy = std::move(remedy)});
}

std::string require_text(const Json& value, std::string_view name) {
  if (value.is_string()) return value.get<std::string>();
  throw unusable_row("'" + std::string(name) + "' is not a string");
}

bool set_messages(const Json& value, GenerateRequest& request) {
  constexpr const char* kName = "messages";
  try {
    const auto messages = api::read_messages(value, api::chat_message_fields, kName);
    api::set_conversation(messages, kName, request);
    return std::any_of(messages.begin(), messages.end(), [](const api::Message& message) {
      return message.role == api::Role::system;
    });
  } catch (const Error& error) {
    throw unusable_row(error.parts().failed, error.parts().remedy);
  }
}

}  // namespace rellama::batch
