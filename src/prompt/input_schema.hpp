#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/build.hpp"
#include "rellama/input.hpp"
#include "rellama/model_ref.hpp"

namespace rellama::prompt {

/// One input as described by a model's own schema. The text and JSON are from the server and must
/// be sanitized before they are shown.
struct SchemaInput {
  std::string name;
  std::string description;
  std::string type;  ///< "integer", "list of string"; empty if the schema allows anything
  InputType input_type = InputType::any;
  bool is_list = false;  ///< a list of such values, to which the bounds and choices apply
  bool required = false;
  bool is_secret = false;     ///< a password or the like, neither to be shown nor stored
  std::string default_value;  ///< JSON; empty if there is none
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::string range;                 ///< what the bounds allow, for people: "1 to 8"
  std::vector<std::string> choices;  ///< the allowed values, as JSON
};

/// The inputs of a model version (docs/protocol.md §4).
class InputSchema {
 public:
  /// Parses an `openapi_schema`. Returns nullopt if it has no readable inputs.
  [[nodiscard]] static std::optional<InputSchema> parse(const JsonText& openapi);

  /// In the schema's order.
  [[nodiscard]] const std::vector<SchemaInput>& inputs() const noexcept { return inputs_; }

  /// A build with exactly these inputs. It points into this object.
  [[nodiscard]] Build build() const noexcept;

  /// The JSON Schema of the input object, with references resolved.
  [[nodiscard]] const JsonText& json() const noexcept { return json_; }

  /// Throws Error (invalid_input) that names the first field of `input` that is invalid or missing,
  /// and says what the schema accepts.
  void check(const ModelRef& model, const Input& input) const;

 private:
  std::vector<SchemaInput> inputs_;
  std::vector<InputSpec> specs_;
  JsonText json_;
};

/// Describes the values of an input: "a number, 0.01 to 5", "list of text".
[[nodiscard]] std::string describe(const SchemaInput& input);

}  // namespace rellama::prompt
