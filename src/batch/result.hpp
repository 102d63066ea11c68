#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "batch/journal.hpp"
#include "rellama/error.hpp"
#include "rellama/prediction.hpp"

namespace rellama::batch {

/// How results are written.
enum class ResultForm {
  jsonl,      ///< one JSON object a line
  text,       ///< the answers alone, each with a line end; nothing for a row that failed
  openai,     ///< the lines of OpenAI's batch results
  directory,  ///< for a file of its own; see open_output_directory
};

/// How a row ended.
struct RowOutcome {
  std::size_t row = 0;
  std::size_t line = 0;
  std::string id;                   ///< empty: none
  std::string model;                ///< as requested
  bool is_chat = true;              ///< for ResultForm::openai
  Prediction prediction = {};       ///< the final one; without an ID if there is none
  std::optional<Error> error = {};  ///< why there is no answer
  double seconds = 0;               ///< from the create to the end
};

/// The result of a row, as the journal keeps it and the output receives it.
[[nodiscard]] RowResult render_result(ResultForm form, const RowOutcome& outcome);

}  // namespace rellama::batch
