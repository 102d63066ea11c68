#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rellama/input.hpp"

namespace rellama {

/// How an answer is to be generated. A field that is not set takes rellama's default (below) where
/// the model has such an input, and is not sent where it has none. A field that is set and that the
/// model does not take is an error, never dropped.
struct GenerationParameters {
  std::optional<std::string> system_prompt = {};    ///< default: `default_system_prompt`
  std::optional<double> temperature = {};           ///< default 0.5; 0 to 5 (some builds from 0.01)
  std::optional<double> top_p = {};                 ///< default 1; 0 to 1
  std::optional<std::int64_t> top_k = {};           ///< default 50; from -1 (some builds from 0)
  std::optional<std::int64_t> max_new_tokens = {};  ///< default 500 tokens; from 1
  std::optional<std::int64_t> min_new_tokens = {};  ///< default -1 (off); from -1, in tokens
  std::optional<std::int64_t> seed = {};            ///< default: the model picks one
  std::vector<std::string> stop_sequences = {};     ///< default none; no sequence may hold a comma
  std::optional<std::string> prompt_template = {};  ///< default: the model's; must hold `{prompt}`
  Input others = {};                                ///< any other input, by the model's own name
};

/// Whether a request is held against what its model takes before it is sent.
enum class Validation {
  full,  ///< by the catalogue, and by the model's own schema where it is at hand
  none,  ///< the server decides
};

/// The system prompt of the program rellama grew out of: Meta's safety prompt for Llama 2.
extern const std::string_view default_system_prompt;

}  // namespace rellama
