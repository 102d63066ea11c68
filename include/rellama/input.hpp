#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace rellama {

/// A value that is already JSON and is sent unchanged.
struct JsonText {
  std::string text;
  bool operator==(const JsonText&) const = default;
};

/// Text that `generate` converts to the type of the model's input.
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

/// The `input` object of a prediction, in the order it is sent.
using Input = std::vector<InputField>;

}  // namespace rellama
