#include "batch/row_fields.hpp"

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

void set_messages(const Json& messages, GenerateRequest& request) {
  constexpr const char* kName = "messages";
  try {
    api::set_conversation(api::read_messages(messages, api::chat_message_fields, kName), kName,
                          request);
  } catch (const Error& error) {
    throw unusable_row(error.parts().failed, error.parts().remedy);
  }
}

}  // namespace rellama::batch
