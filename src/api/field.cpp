#include "api/field.hpp"

#include <algorithm>
#include <utility>

#include "wire/json_document.hpp"

namespace rellama::api {
namespace {

std::string shown(const Json& value) {
  constexpr std::size_t kMostBytes = 60;
  std::string text = wire::render_json(value);
  if (text.size() <= kMostBytes) return text;
  return value.is_array() ? "this list" : value.is_object() ? "this object" : "this text";
}

void refuse(const Field& field, const Json& value, const std::string& path) {
  const Json usual = Json::parse(field.usual);
  if (usual.empty()) {
    throw unusable(path, "'" + path + "' in the body is not supported", "leave it out");
  }
  std::string allowed;
  for (const Json& each : usual) allowed += (allowed.empty() ? "" : " or ") + shown(each);
  throw unusable(path, "'" + path + "' in the body cannot be " + shown(value),
                 "leave it out, or set it to " + allowed);
}

}  // namespace

const Field* find_field(const FieldTable& table, std::string_view name) noexcept {
  const auto found = std::find_if(table.fields.begin(), table.fields.end(),
                                  [name](const Field& field) { return field.name == name; });
  return found == table.fields.end() ? nullptr : &*found;
}

bool is_usual(const Field& field, const Json& value) {
  if (value.is_null()) return true;
  const Json usual = Json::parse(field.usual);
  return std::find(usual.begin(), usual.end(), value) != usual.end();
}

Error unusable(std::string path, std::string failed, std::string remedy) {
  return Error(
      ErrorKind::invalid_input,
      {.failed = std::move(failed), .remedy = std::move(remedy), .input = std::move(path)});
}

void read_fields(const Json& object, const FieldTable& table, const std::string& path,
                 const FieldReader& reader) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_null()) continue;
    const Field* field = find_field(table, name);
    if (field == nullptr) {
      if (!table.takes_inputs) {
        throw unusable(path + name, "'" + path + name + "' in the body is not supported",
                       "leave it out");
      }
      reader.set_input(name, value);
      continue;
    }
    switch (field->treatment) {
      case Treatment::honored: reader.honor(*field, value); break;
      case Treatment::label: break;
      case Treatment::usual:
        if (!is_usual(*field, value)) refuse(*field, value, path + name);
        break;
      case Treatment::input:
        if (!is_usual(*field, value)) reader.set_input(name, value);
        break;
    }
  }
}

std::string require_text(const Json& value, const std::string& path) {
  if (!value.is_string()) throw unusable(path, "'" + path + "' is not a string");
  auto text = value.get<std::string>();
  if (text.find('\0') == std::string::npos) return text;
  throw unusable(path, "'" + path + "' has a NUL character");
}

bool require_flag(const Json& value, const std::string& path) {
  if (value.is_boolean()) return value.get<bool>();
  throw unusable(path, "'" + path + "' is neither true nor false");
}

void require_object(const Json& value, const std::string& path) {
  if (!value.is_object()) throw unusable(path, "'" + path + "' is not an object");
}

}  // namespace rellama::api
