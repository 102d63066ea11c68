#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/build.hpp"
#include "rellama/input.hpp"
#include "rellama/model_ref.hpp"

namespace rellama::prompt {

/// One input as a model's own schema describes it. Texts and JSON are the server's: they are not
/// safe to show as they stand.
struct SchemaInput {
  std::string name;
  std::string description;
  std::string type;  ///< "integer", "list of string"; empty where the schema allows anything
  InputType input_type = InputType::any;
  bool required = false;
  std::string default_value;  ///< JSON; empty if there is none
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::vector<std::string> choices;  ///< JSON of each
};

/// What a version of a model takes (docs/protocol.md §4).
class InputSchema {
 public:
  /// Reads an `openapi_schema`; nothing if it has no inputs that we can read.
  [[nodiscard]] static std::optional<InputSchema> parse(const JsonText& openapi);

  /// In the schema's own order.
  [[nodiscard]] const std::vector<SchemaInput>& inputs() const noexcept { return inputs_; }

  /// The build that takes exactly these inputs. It points into this object.
  [[nodiscard]] Build build() const noexcept;

  /// The schema of the input object, without references: JSON Schema.
  [[nodiscard]] const JsonText& json() const noexcept { return json_; }

  /// Throws Error (invalid_input) with the first field of `input` that the schema refuses, or that
  /// it misses, and with what the schema takes there.
  void check(const ModelRef& model, const Input& input) const;

 private:
  std::vector<SchemaInput> inputs_;
  std::vector<InputSpec> specs_;
  JsonText json_;
};

/// What an input takes, in words: "a number, 0.01 to 5".
[[nodiscard]] std::string describe(const SchemaInput& input);

}  // namespace rellama::prompt
