#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::wire {

/// One input field that the server refused.
struct InvalidField {
  std::string field;        ///< dotted, "input.temperature"; may be empty
  std::string description;  ///< "Must be less than or equal to 5"
};

/// What an error answer says (docs/protocol.md §6). Any part may be empty.
struct Problem {
  std::string title;
  std::string detail;
  std::vector<InvalidField> invalid_fields;
  std::optional<double> retry_after;  ///< seconds
};

/// Reads the body of an error answer: problem+json, other JSON with a `detail` or `error`, plain
/// text, HTML or nothing. Never throws for what it finds; text is cut to a readable length.
[[nodiscard]] Problem parse_problem(std::string_view body);

/// The problem in a few words for an error message: the invalid fields by name, otherwise title and
/// detail; empty where it says nothing.
[[nodiscard]] std::string render_problem(const Problem& problem);

}  // namespace rellama::wire
