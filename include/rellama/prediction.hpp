#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rellama/input.hpp"

namespace rellama {

/// The life of a prediction (docs/protocol.md, "The prediction object").
enum class Status { starting, processing, succeeded, failed, canceled, aborted, unknown };

/// Reads a status word; a word that is not known gives `Status::unknown`, never an error.
[[nodiscard]] Status parse_status(std::string_view word) noexcept;

/// The word Replicate uses.
[[nodiscard]] std::string_view render_status(Status status) noexcept;

/// Whether the prediction is over. An unknown status is not taken for the end.
[[nodiscard]] constexpr bool is_terminal(Status status) noexcept {
  return status == Status::succeeded || status == Status::failed || status == Status::canceled ||
         status == Status::aborted;
}

/// Names one prediction.
struct PredictionId {
  std::string value;
  bool operator==(const PredictionId&) const = default;
};

/// What a prediction has put out so far. Text models give an array of strings, or one string; other
/// models may give any JSON.
class Output {
 public:
  Output() = default;

  /// Adds one piece of text.
  void append(std::string_view piece);
  /// Makes this an output that is not text.
  void set_json(std::string json);

  [[nodiscard]] bool empty() const noexcept { return ends_.empty() && json_.empty(); }
  /// The pieces joined without separators; empty if the output is not text.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The JSON of an output that is not text; empty if it is text.
  [[nodiscard]] const std::string& json() const noexcept { return json_; }
  [[nodiscard]] std::size_t piece_count() const noexcept { return ends_.size(); }
  /// The piece at `index`, which must be less than `piece_count()`.
  [[nodiscard]] std::string_view piece(std::size_t index) const noexcept;

 private:
  std::string text_;
  std::vector<std::uint32_t> ends_;  // where each piece ends in text_, which is below 4 GiB
  std::string json_;
};

/// One run of a model. Absent and null fields are empty here.
struct Prediction {
  PredictionId id;
  std::string model;    ///< may be an internal name for official models
  std::string version;  ///< opaque: 64 hex digits, `d-…`, `dp-…` or `hidden`
  Status status = Status::unknown;
  std::string status_text;  ///< the server's own word, for a status that is not known here
  JsonText input;           ///< the server's echo of the input
  Output output;
  std::string error;
  std::string logs;
  JsonText metrics;          ///< a JSON object, once the run is over
  std::string created_at;    ///< ISO 8601, as the server wrote it
  std::string started_at;    ///< as above
  std::string completed_at;  ///< as above
  std::string get_url;       ///< where to read this prediction again
  std::string cancel_url;    ///< where to cancel it
  std::string stream_url;    ///< where its events are; empty where it cannot be streamed
  bool data_removed = false;
};

}  // namespace rellama
