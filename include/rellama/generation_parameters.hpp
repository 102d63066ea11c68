#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rellama/input.hpp"

namespace rellama {

/// The parameters of an answer. An unset field gets rellama's default (below) if the model has that
/// input, and is not sent otherwise. Setting a field that the model does not accept is an error; it
/// is never silently dropped.
struct GenerationParameters {
  std::optional<std::string> system_prompt = {};    ///< default: `default_system_prompt`
  std::optional<double> temperature = {};           ///< default 0.5; 0 to 5 (some builds from 0.01)
  std::optional<double> top_p = {};                 ///< default 1; 0 to 1
  std::optional<std::int64_t> top_k = {};           ///< default 50; from -1 (some builds from 0)
  std::optional<std::int64_t> max_new_tokens = {};  ///< default 500 tokens; from 1
  std::optional<std::int64_t> min_new_tokens = {};  ///< default -1 (off); from -1, in tokens
  std::optional<std::int64_t> seed = {};            ///< default: the model picks one
  std::vector<std::string> stop_sequences = {};     ///< default none; must not contain commas
  std::optional<std::string> prompt_template = {};  ///< default: the model's; needs `{prompt}`
  Input others = {};                                ///< any other inputs, by the model's names
};

/// Whether a request is validated before it is sent.
enum class Validation {
  full,  ///< against the catalogue, and the model's own schema if available
  none,  ///< by the server only
};

/// Meta's safety prompt for Llama 2, which is also the default of the program rellama is based on.
extern const std::string_view default_system_prompt;

}  // namespace rellama
