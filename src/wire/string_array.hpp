#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "rellama/prediction.hpp"

namespace rellama::wire {

/// How far a JSON array of strings has been read.
struct StringArrayEnd {
  std::size_t items;  ///< behind the last string, or behind the bracket of an empty array
  std::size_t array;  ///< behind the closing bracket
};

/// Reads the strings of a JSON array from `at`, which stands behind its bracket or behind one of
/// its strings, and appends them to `output`: what a model with 200,000 tokens of output answers is
/// no work for a parser of any JSON there is. Nothing if there is anything but strings, or what is
/// no JSON; then `output` may have grown.
[[nodiscard]] std::optional<StringArrayEnd> read_string_array(std::string_view json, std::size_t at,
                                                              Output& output);

}  // namespace rellama::wire
