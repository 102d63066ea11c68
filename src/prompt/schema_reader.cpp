#include "prompt/schema_reader.hpp"

#include <nlohmann/json.hpp>
#include <string>

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
      } else if (name == "allOf" && value.is_array() && value.size() == 1) {
        add_missing(resolved, resolve(value.front(), depth + 1));
      } else if (name == "properties" && value.is_object()) {
        Json properties = Json::object();  // its keys are names, not keywords
        for (const auto& [input, of] : value.items()) properties[input] = resolve(of, depth + 1);
        resolved[name] = std::move(properties);
      } else if (name == "enum" || name == "const" || name == "default" || name == "examples") {
        resolved[name] = value;  // values, not schemas
      } else if (name != "pattern" && name != "patternProperties" && name != "format") {
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

  // Validators divide by multipleOf. JSON Schema requires it to be positive, and doubles are not
  // exact beyond 2^53.
  static bool is_valid_divisor(const Json& divisor) {
    constexpr double kExact = 9007199254740992.0;
    return divisor.is_number() && divisor.get<double>() > 0 && divisor.get<double>() <= kExact;
  }

  // Converts from OpenAPI 3.0, which Cog uses, to JSON Schema.
  static void translate(Json& schema) {
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
    if (takes_null && schema.contains("type") && schema["type"].is_string()) {
      schema["type"] = Json::array({schema["type"], "null"});
    }
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

}  // namespace

std::optional<Json> read_input_schema(const Json& openapi) {
  const Json* at = &openapi;
  for (const char* name : {"components", "schemas", "Input"}) {
    if (!at->is_object() || !at->contains(name)) return std::nullopt;
    at = &(*at)[name];
  }
  Resolver resolver(openapi);
  Json input = resolver.resolve(*at);
  const bool usable = resolver.ok && input.is_object() && input.contains("properties") &&
                      input["properties"].is_object();
  if (!usable) return std::nullopt;
  return input;
}

}  // namespace rellama::prompt
