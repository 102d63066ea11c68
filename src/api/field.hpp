// What becomes of each field of a request. docs/api.md prints the same tables, and a test compares
// them.

#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "rellama/error.hpp"

namespace rellama::api {

using Json = nlohmann::ordered_json;

/// What becomes of a field.
enum class Treatment {
  honored,  ///< it does what the protocol says
  label,    ///< it says nothing about the answer: any value is accepted
  usual,    ///< accepted with a value that asks for what is done anyway, otherwise refused
  input,    ///< as `usual`, but other values are sent to the model as its input of that name
};

/// One field. Null is the same as leaving it out.
struct Field {
  std::string_view name;
  Treatment treatment = Treatment::honored;
  std::string_view usual = "[]";    ///< the usual values, as a JSON list
  std::string_view parameter = {};  ///< the generation parameter that it sets
  std::string_view note = {};       ///< for the documentation
};

/// The fields of an object.
struct FieldTable {
  std::string_view title;
  std::span<const Field> fields;
  /// Whether any other field is an input of the model. Otherwise it is refused.
  bool takes_inputs = false;
};

/// The field with this name; null if the table does not have it.
[[nodiscard]] const Field* find_field(const FieldTable& table, std::string_view name) noexcept;

/// Whether the value asks for what is done anyway.
[[nodiscard]] bool is_usual(const Field& field, const Json& value);

/// The error for a field, called `path` ("messages[0].role"), that cannot be used.
[[nodiscard]] Error unusable(std::string path, std::string failed, std::string remedy = {});

/// Receives the fields of an object that have a meaning.
struct FieldReader {
  std::function<void(const Field& field, const Json& value)> honor;
  /// An input of the model.
  std::function<void(const std::string& name, const Json& value)> set_input;
};

/// Reads an object by its table: passes on what has a meaning, passes over what says nothing, and
/// throws Error (invalid_input) for the rest. `path` is put before the names in messages: "", or
/// "messages[0].".
void read_fields(const Json& object, const FieldTable& table, const std::string& path,
                 const FieldReader& reader);

/// The text, flag or object in a field. Throw Error (invalid_input) if it is something else.
[[nodiscard]] std::string require_text(const Json& value, const std::string& path);
[[nodiscard]] bool require_flag(const Json& value, const std::string& path);
void require_object(const Json& value, const std::string& path);

}  // namespace rellama::api
