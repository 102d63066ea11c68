#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rellama::wire {

/// One input field that the server rejected.
struct InvalidField {
  std::string field;        ///< dotted, "input.temperature"; may be empty
  std::string description;  ///< "Must be less than or equal to 5"
};

/// The contents of an error response (docs/protocol.md §6). Any part may be empty.
struct Problem {
  std::string title;
  std::string detail;
  std::vector<InvalidField> invalid_fields;
  std::optional<double> retry_after;  ///< seconds
  bool is_page = false;               ///< HTML: not from the API
  bool is_gateways = false;           ///< in the form of Cloudflare's gateway: not from the API
};

/// Parses the body of an error response: problem+json, other JSON with a `detail`, `error` or
/// `message`, plain text, HTML or nothing. Accepts any input; cuts text to 300 bytes.
[[nodiscard]] Problem parse_problem(std::string_view body);

/// Renders the problem for an error message: the invalid fields by name, otherwise title and
/// detail. Empty if the problem is empty.
[[nodiscard]] std::string render_problem(const Problem& problem);

}  // namespace rellama::wire
