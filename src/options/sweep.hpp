#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rellama/input.hpp"

namespace rellama::program {

/// One value of a parameter, as it is sent and as people see it.
struct SweepValue {
  InputValue value;
  std::string text;
};

/// A parameter that takes several values in turn: an argument of --sweep.
struct Sweep {
  std::string name;   ///< as the user wrote it
  std::string input;  ///< what `generate` knows it by
  std::vector<SweepValue> values;
};

/// Reads `NAME=VALUE,VALUE…` or `NAME:=[JSON,…]`. NAME is that of a flag (`temperature`, `top-p`,
/// `stop`) or of any other input, as with -o. Blanks around a value do not count; one in double
/// quotes may hold commas and blanks, and two quotes for one; `@FILE` is the file's content. Throws
/// Error (invalid_input).
[[nodiscard]] Sweep parse_sweep(const std::string& text);

/// One way to ask: a model, and a value of each sweep.
struct Variant {
  std::string label;  ///< what tells it from the others; no two are alike
  std::string model;  ///< as the user wrote it
  Input inputs;
};

/// How many variants there are; the largest number where that is too small for them.
[[nodiscard]] std::size_t count_variants(const std::vector<std::string>& models,
                                         const std::vector<Sweep>& sweeps);

/// Every model with every value of every sweep: the models change slowest, the last sweep fastest.
/// Throws Error (invalid_input) if two sweeps are of the same parameter.
[[nodiscard]] std::vector<Variant> combine(const std::vector<std::string>& models,
                                           const std::vector<Sweep>& sweeps);

}  // namespace rellama::program
