#include "prompt/schema_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace rellama::prompt {
namespace {

using Json = nlohmann::ordered_json;

// Far more than any model needs. A schema can refer to itself, or grow exponentially by references.
constexpr int kMaxDepth = 24;
constexpr int kMaxNodes = 20'000;

/// Resolves references within one document.
class Resolver {
 public:
  explicit Resolver(const Json& document) : document_(document) {}

  /// Sets `ok` to false if the limits are exceeded.
  Json resolve(const Json& schema, int depth = 0) {
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) {
      ok = false;
      return Json::object();
    }
    if (schema.is_array()) {
      Json list = Json::array();
      for (const Json& item : schema) list.push_back(resolve(item, depth + 1));
      return list;
    }
    if (!schema.is_object()) return schema;
    return resolve_object(schema, depth);
  }

  bool ok = true;

 private:
  Json resolve_object(const Json& schema, int depth) {
    Json resolved = Json::object();
    for (const auto& [name, value] : schema.items()) {
      if (name == "$ref") {
        add_missing(resolved, resolve(target_of(value), depth + 1));
      } else if (name == "allOf" && value.is_array()) {
        merge_all(resolved, resolve(value, depth + 1));
      } else if (name == "properties" && value.is_object()) {
        Json properties = Json::object();  // its keys are names, not keywords
        for (const auto& [input, of] : value.items()) properties[input] = resolve(of, depth + 1);
        resolved[name] = std::move(properties);
      } else if (name == "enum" || name == "const" || name == "default" || name == "examples") {
        resolved[name] = value;  // values, not schemas
      } else if (name == "format" && value == "password") {
        resolved["writeOnly"] = true;  // input_schema.cpp reads it
      } else if (name == "format" ? value == "uri"
                                  : name != "pattern" && name != "patternProperties") {
        // Members next to a reference override those it refers to.
        resolved[name] = resolve(value, depth + 1);
      }
    }
    translate(resolved);
    return resolved;
  }

  static void add_missing(Json& object, const Json& more) {
    if (!more.is_object()) return;
    for (const auto& [name, value] : more.items()) {
      if (!object.contains(name)) object[name] = value;
    }
  }

  // Schemas that must all hold become one, unless two of them say something about the same.
  static void merge_all(Json& object, const Json& all) {
    Json merged = Json::object();
    for (const Json& one : all) {
      if (!one.is_object() || contradicts(merged, one)) {
        object["allOf"] = all;
        return;
      }
      add_missing(merged, one);
    }
    add_missing(object, merged);
  }

  static bool contradicts(const Json& object, const Json& other) {
    for (const auto& [name, value] : other.items()) {
      if (object.contains(name) && object[name] != value) return true;
    }
    return false;
  }

  static bool is_null(const Json& schema) {
    static const Json kNull = "null";
    static const Json kOnlyNull = Json::array({nullptr});
    if (!schema.is_object()) return false;
    const auto is = [&schema](const char* name, const Json& value) {
      const auto found = schema.find(name);
      return found != schema.end() && *found == value;
    };
    return is("type", kNull) || is("type", Json::array({kNull})) || is("enum", kOnlyNull) ||
           is("const", Json());
  }

  static void accept_null(Json& schema) {
    if (const auto type = schema.find("type"); type != schema.end()) {
      if (type->is_string()) *type = Json::array({*type});
      const bool has_null = std::find(type->begin(), type->end(), "null") != type->end();
      if (type->is_array() && !has_null) type->push_back("null");
    }
    if (const auto choices = schema.find("enum"); choices != schema.end() && choices->is_array()) {
      const bool has_null = std::find(choices->begin(), choices->end(), Json()) != choices->end();
      if (!has_null) choices->push_back(nullptr);
    }
  }

  // Newer versions of Cog write Optional[T] as `anyOf: [T, null]`.
  static void merge_optional(Json& schema, const char* keyword) {
    const auto found = schema.find(keyword);
    if (found == schema.end() || !found->is_array()) return;
    const Json* only = nullptr;
    bool takes_null = false;
    for (const Json& one : *found) {
      if (is_null(one)) {
        takes_null = true;
      } else if (only == nullptr) {
        only = &one;
      } else {
        return;
      }
    }
    if (only == nullptr || !only->is_object()) return;
    const Json merged = *only;
    schema.erase(keyword);
    add_missing(schema, merged);
    if (takes_null) accept_null(schema);
  }

  // Validators divide by multipleOf. JSON Schema requires it to be positive, and doubles are not
  // exact beyond 2^53.
  static bool is_valid_divisor(const Json& divisor) {
    constexpr double kExact = 9007199254740992.0;
    return divisor.is_number() && divisor.get<double>() > 0 && divisor.get<double>() <= kExact;
  }

  // Converts from OpenAPI 3.0, which Cog uses, to JSON Schema, in which each input has one type.
  static void translate(Json& schema) {
    for (const char* keyword : {"anyOf", "oneOf"}) merge_optional(schema, keyword);
    if (const auto divisor = schema.find("multipleOf");
        divisor != schema.end() && !is_valid_divisor(*divisor)) {
      schema.erase(divisor);
    }
    for (const auto& [flag, bound] :
         {std::pair("exclusiveMinimum", "minimum"), std::pair("exclusiveMaximum", "maximum")}) {
      const auto found = schema.find(flag);
      if (found == schema.end() || !found->is_boolean()) continue;
      const bool exclusive = found->get<bool>();
      schema.erase(flag);
      if (exclusive && schema.contains(bound)) {
        schema[flag] = schema[bound];
        schema.erase(bound);
      }
    }
    const auto nullable = schema.find("nullable");
    const bool takes_null =
        nullable != schema.end() && nullable->is_boolean() && nullable->get<bool>();
    if (takes_null) accept_null(schema);
  }

  // A dangling reference allows anything: the server validates.
  [[nodiscard]] const Json& target_of(const Json& reference) const {
    static const Json kAnything = Json::object();
    if (!reference.is_string()) return kAnything;
    const auto& text = reference.get_ref<const std::string&>();
    if (!text.starts_with("#/")) return kAnything;
    const Json* at = &document_;
    for (std::size_t begin = 2; begin <= text.size();) {
      const std::size_t end = std::min(text.find('/', begin), text.size());
      const auto found = at->is_object() ? at->find(text.substr(begin, end - begin)) : at->end();
      if (!at->is_object() || found == at->end()) return kAnything;
      at = &*found;
      begin = end + 1;
    }
    return *at;
  }

  const Json& document_;
  int nodes_ = 0;
};

std::optional<Json> read_schema(const Json& openapi, const char* which) {
  const Json* at = &openapi;
  for (const char* name : {"components", "schemas", which}) {
    if (!at->is_object() || !at->contains(name)) return std::nullopt;
    at = &(*at)[name];
  }
  Resolver resolver(openapi);
  Json schema = resolver.resolve(*at);
  if (!resolver.ok || !schema.is_object()) return std::nullopt;
  return schema;
}

}  // namespace

std::optional<Json> read_input_schema(const Json& openapi) {
  auto input = read_schema(openapi, "Input");
  const bool usable = input && input->contains("properties") && (*input)["properties"].is_object();
  return usable ? std::move(input) : std::nullopt;
}

std::optional<Json> read_output_schema(const Json& openapi) {
  return read_schema(openapi, "Output");
}

std::string type_of_schema(const Json& schema) {
  const auto found = schema.find("type");
  if (found == schema.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (!found->is_array()) return {};
  std::string type;
  for (const Json& one : *found) {
    if (!one.is_string() || one == "null") continue;
    if (!type.empty()) return {};
    type = one.get<std::string>();
  }
  return type;
}

}  // namespace rellama::prompt
