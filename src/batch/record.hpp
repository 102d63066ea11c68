#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "batch/line_reader.hpp"

namespace rellama::batch {

using Json = nlohmann::ordered_json;

/// What a line of the input is.
enum class Format {
  lines,   ///< a prompt
  jsonl,   ///< a JSON object with `prompt` or `messages`, or a JSON string
  openai,  ///< a request of OpenAI's batch format
  csv,     ///< a record, below a header
  tsv,     ///< the same with tabs
};

/// `jsonl`
[[nodiscard]] std::string_view name_of(Format format) noexcept;

/// A place in the input where a row begins.
struct RowPlace {
  std::size_t row = 0;  ///< from 1
  LinePlace at;
};

/// One row of the input.
struct Record {
  RowPlace place;
  std::string id;            ///< empty: it has none
  std::uint64_t digest = 0;  ///< of all that it says
  Json fields;               ///< an object
  std::string malformed;     ///< why it cannot be used; empty: it can

  [[nodiscard]] std::size_t line() const noexcept { return place.at.line + 1; }
};

/// A digest of what identifies a row from one run to the next: its ID, or else its number and what
/// it says, since two rows may say the same.
[[nodiscard]] std::uint64_t identity_of(const Record& record);

}  // namespace rellama::batch
