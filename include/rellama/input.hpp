#pragma once

#include <cstdint>
#include <memory>
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

/// The content of a local file. `generate` passes it to an input that takes a file as a `data:`
/// URL, or, if it is large, uploads it and passes the URL; any other input gets it as text.
struct FileContent {
  std::string name;                          ///< a path, for messages and for the kind of file
  std::shared_ptr<const std::string> bytes;  ///< not null

  bool operator==(const FileContent& other) const {
    return name == other.name && *bytes == *other.bytes;
  }
};

/// The value of one model input.
using InputValue =
    std::variant<bool, std::int64_t, double, std::string, JsonText, UntypedText, FileContent>;

/// One named input of a model.
struct InputField {
  std::string name;
  InputValue value;
  bool operator==(const InputField&) const = default;
};

/// The `input` object of a prediction, in the order it is sent.
using Input = std::vector<InputField>;

}  // namespace rellama
