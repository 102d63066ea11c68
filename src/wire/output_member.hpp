#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "rellama/prediction.hpp"

namespace rellama::wire {

/// Where the array of strings stands that a prediction puts out, in the prediction's JSON.
struct OutputMember {
  std::size_t begin;  ///< behind the opening bracket
  std::size_t items;  ///< behind the last string, or as `begin`
  std::size_t end;    ///< behind the closing bracket
};

/// Finds the member `output` of a prediction and appends its strings to `output`, without building
/// a value for each. Polls bring everything again: where `before`, what stood between `begin` and
/// `items` when `output` was read, is still there, only what follows is appended. Otherwise
/// `output` is replaced. Nothing if there is no such member, if it comes twice, if it is no array
/// of strings, or if the rest is hard to walk over; then `output` may hold anything.
[[nodiscard]] std::optional<OutputMember> read_output_member(std::string_view json,
                                                             std::string_view before,
                                                             Output& output);

}  // namespace rellama::wire
