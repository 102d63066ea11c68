#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rellama/generate.hpp"

namespace rellama::batch {

/// What a model costs, as the user says: rellama has no list of prices. In dollars.
struct Price {
  double input = 0;   ///< for a token of the prompt
  double output = 0;  ///< for a token of the answer
  double second = 0;  ///< for a second that the model works

  [[nodiscard]] double cost(std::int64_t input_tokens, std::int64_t output_tokens,
                            double seconds) const noexcept {
    return input * static_cast<double>(input_tokens) + output * static_cast<double>(output_tokens) +
           second * seconds;
  }

  /// The most that a request can cost, with the prompt's tokens estimated on the high side. Empty
  /// if a price for time has no limit to multiply with (`cancel_after`).
  [[nodiscard]] std::optional<double> most(const GenerateRequest& request) const;
};

/// Parses `IN/OUT`, in dollars for a million tokens, or `X/s`, in dollars for a second. Throws
/// Error (invalid_input).
[[nodiscard]] Price parse_price(std::string_view text);

/// `$12.34`; small amounts with more digits.
[[nodiscard]] std::string render_dollars(double amount);

}  // namespace rellama::batch
