#include "prompt/output_schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "prompt/schema_reader.hpp"
#include "rellama/error.hpp"
#include "wire/json_document.hpp"

namespace rellama::prompt {
namespace {

using Json = nlohmann::ordered_json;

const Json* find_member(const Json* object, const char* name) {
  if (object == nullptr || !object->is_object()) return nullptr;
  const auto found = object->find(name);
  return found == object->end() ? nullptr : &*found;
}

// Versions of Cog before 0.3.9 did not mark iterators.
bool marks_iterators(std::string_view cog_version) {
  constexpr std::array kFirst{0, 3, 9};
  std::array<int, 3> parts{};
  const char* at = cog_version.data();
  const char* const end = at + cog_version.size();
  for (int& part : parts) {
    const auto [rest, error] = std::from_chars(at, end, part);
    if (error != std::errc{}) return true;
    at = rest == end ? end : rest + 1;
  }
  return !std::lexicographical_compare(parts.begin(), parts.end(), kFirst.begin(), kFirst.end());
}

OutputKind kind_of_string(const Json& schema) {
  return wire::string_at(schema, "format") == "uri" ? OutputKind::files : OutputKind::text;
}

OutputKind kind_of_list(const Json& schema, std::string_view cog_version) {
  const Json* items = find_member(&schema, "items");
  const std::string type =
      items != nullptr && items->is_object() ? type_of_schema(*items) : std::string();
  if (type.empty()) return OutputKind::unknown;
  if (type != "string") return OutputKind::values;
  if (kind_of_string(*items) == OutputKind::files) return OutputKind::files;
  const bool is_text = wire::string_at(schema, "x-cog-array-display") == "concatenate" ||
                       wire::string_at(schema, "x-cog-array-type") == "iterator" ||
                       !marks_iterators(cog_version);
  return is_text ? OutputKind::text : OutputKind::values;
}

OutputKind kind_of(const Json& schema, std::string_view cog_version) {
  const std::string type = type_of_schema(schema);
  if (type == "string") return kind_of_string(schema);
  if (type == "array") return kind_of_list(schema, cog_version);
  return type.empty() ? OutputKind::unknown : OutputKind::values;
}

}  // namespace

OutputKind read_output_kind(const PublishedVersion& version) {
  try {
    const Json document = wire::parse_document(version.openapi_schema.text, "the schema");
    const auto schema = read_output_schema(document);
    return schema ? kind_of(*schema, version.cog_version) : OutputKind::unknown;
  } catch (const Error&) {
    return OutputKind::unknown;
  }
}

}  // namespace rellama::prompt
