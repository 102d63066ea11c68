#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rellama/prediction.hpp"

namespace rellama::wire {

/// A member of a prediction that is kept as text.
struct TextMember {
  const char* name;
  std::string Prediction::*text;
};

inline constexpr TextMember kTextMembers[] = {
    {"model", &Prediction::model},
    {"version", &Prediction::version},
    {"status", &Prediction::status_text},
    {"logs", &Prediction::logs},
    {"created_at", &Prediction::created_at},
    {"started_at", &Prediction::started_at},
    {"completed_at", &Prediction::completed_at},
};

/// Where the strings of a prediction's output array are: offsets into its JSON.
struct OutputItems {
  std::size_t begin = 0;  ///< after the opening bracket
  std::size_t end = 0;    ///< after the last string; equal to `begin` if there is none
};

/// Reads a prediction from its JSON in one pass, without building values. `prediction` must be new
/// except for its output: a growing output is sent whole each time, so if the array still starts
/// with `before`, the items that this output was read from, only the strings after them are
/// appended. Otherwise the output is replaced. Returns nullopt, and leaves `prediction`
/// unspecified, if `json` is not valid, or if this has to be left to the general parser: output
/// that is not text, and deep nesting.
/// Without this, a prediction that is created and streamed takes 45% more CPU time
/// (docs/performance.md).
[[nodiscard]] std::optional<OutputItems> read_prediction_members(std::string_view json,
                                                                 std::string_view before,
                                                                 Prediction& prediction);

}  // namespace rellama::wire
