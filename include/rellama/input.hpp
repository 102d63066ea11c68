#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace rellama {

/// A value that is JSON already, sent as it stands.
struct JsonText {
  std::string text;
  bool operator==(const JsonText&) const = default;
};

/// Text for an input whose type the model decides: `generate` gives it the type that the model's
/// input has.
struct UntypedText {
  std::string text;
  bool operator==(const UntypedText&) const = default;
};

/// The value of one model input.
using InputValue = std::variant<bool, std::int64_t, double, std::string, JsonText, UntypedText>;

/// One named input of a model.
struct InputField {
  std::string name;
  InputValue value;
  bool operator==(const InputField&) const = default;
};

/// The `input` object of a prediction, in the order in which it is sent.
using Input = std::vector<InputField>;

}  // namespace rellama
