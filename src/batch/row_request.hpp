#pragma once

#include <map>
#include <optional>
#include <string>

#include "batch/record.hpp"
#include "rellama/generate.hpp"

namespace rellama::batch {

/// What all rows have in common.
struct RowDefaults {
  Format format = Format::lines;
  GenerateRequest request;  ///< without a prompt
  /// Text with placeholders (settings/placeholders.hpp) for the fields of a row, {{input}} for its
  /// prompt, and `parameters`; empty: the prompt is the row's own.
  std::string prompt_template;
  std::map<std::string, std::string> parameters;  ///< may themselves contain placeholders
};

/// The request of a row: its model, system prompt, messages and inputs replace those of `defaults`.
/// Throws Error (invalid_input) if the row is malformed or cannot be sent, and not_found for a
/// model that is not hosted.
[[nodiscard]] GenerateRequest make_request(const RowDefaults& defaults, const Record& record);

}  // namespace rellama::batch
