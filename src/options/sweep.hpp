#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rellama/input.hpp"
#include "rellama/stop.hpp"

namespace rellama::program {

/// One value of a parameter, as sent and as shown.
struct SweepValue {
  InputValue value;
  std::string text;
};

/// A parameter that takes several values in turn: an argument of --sweep.
struct Sweep {
  std::string name;   ///< as the user wrote it
  std::string input;  ///< its name in `GenerateRequest`
  std::vector<SweepValue> values;
};

/// Parses `NAME=VALUE,VALUE…` or `NAME:=[JSON,…]`. NAME is a flag (`temperature`, `top-p`, `stop`)
/// or any other input, as with -o. Spaces around a value are ignored. A value in double quotes may
/// contain commas and spaces, and `""` for a quote; `@FILE` is the content of a file. Throws Error
/// (invalid_input).
[[nodiscard]] Sweep parse_sweep(const std::string& text, const StopToken& stop = {});

/// One run of a comparison: a model and a value from each sweep.
struct Variant {
  std::string label;  ///< unique among the variants
  std::string model;  ///< as the user wrote it
  Input inputs;
};

/// The number of variants, or SIZE_MAX if there are more.
[[nodiscard]] std::size_t count_variants(const std::vector<std::string>& models,
                                         const std::vector<Sweep>& sweeps);

/// Every model with every value of every sweep: the models change slowest, the last sweep fastest.
/// Throws Error (invalid_input) if two sweeps have the same parameter.
[[nodiscard]] std::vector<Variant> combine(const std::vector<std::string>& models,
                                           const std::vector<Sweep>& sweeps);

}  // namespace rellama::program
