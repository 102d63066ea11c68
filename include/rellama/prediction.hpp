#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rellama/input.hpp"

namespace rellama {

/// The status of a prediction (docs/protocol.md, "The prediction object").
enum class Status { starting, processing, succeeded, failed, canceled, aborted, unknown };

/// Parses a status; any unknown word is `Status::unknown`.
[[nodiscard]] Status parse_status(std::string_view word) noexcept;

/// The status as Replicate spells it.
[[nodiscard]] std::string_view render_status(Status status) noexcept;

/// Whether the prediction has ended. An unknown status does not count as an end.
[[nodiscard]] constexpr bool is_terminal(Status status) noexcept {
  return status == Status::succeeded || status == Status::failed || status == Status::canceled ||
         status == Status::aborted;
}

/// The ID of a prediction.
struct PredictionId {
  std::string value;
  bool operator==(const PredictionId&) const = default;
};

/// The kind of output a model produces, according to its schema. In JSON a list of file URLs looks
/// the same as text in pieces, so the schema has to tell.
enum class OutputKind {
  unknown,  ///< not known from a schema: inferred from the output itself
  text,     ///< one text, as one string or in pieces
  files,    ///< a URL, or a list of them
  values,   ///< any other JSON
};

/// The output of a prediction so far. Text models produce an array of strings, or one string; other
/// models produce file URLs, or any JSON.
class Output {
 public:
  Output() = default;

  /// Appends one piece of text.
  void append(std::string_view piece);
  /// Replaces the output with text that arrived as one string.
  void set_text(std::string_view text);
  /// Replaces the output with JSON that is not text.
  void set_json(std::string json);
  /// Replaces the output with files: their URLs, and the JSON that contained them.
  void set_files(std::vector<std::string> urls, std::string json);

  [[nodiscard]] bool empty() const noexcept { return ends_.empty() && json_.empty(); }
  /// The pieces joined without separators; empty if the output is not text.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The JSON of an output that is not text; otherwise empty.
  [[nodiscard]] const std::string& json() const noexcept { return json_; }
  /// The URLs of the output files; empty if the output is not files.
  [[nodiscard]] const std::vector<std::string>& files() const noexcept { return files_; }
  /// Whether text arrived as a list of pieces, as opposed to one string.
  [[nodiscard]] bool is_list() const noexcept { return is_list_; }
  [[nodiscard]] std::size_t piece_count() const noexcept { return ends_.size(); }
  /// The piece at `index`, which must be less than `piece_count()`.
  [[nodiscard]] std::string_view piece(std::size_t index) const noexcept;

 private:
  std::string text_;
  std::vector<std::uint32_t> ends_;  // where each piece ends in text_, which is below 4 GiB
  std::string json_;
  std::vector<std::string> files_;
  bool is_list_ = true;
};

/// One run of a model. Absent and null fields are empty here.
struct Prediction {
  PredictionId id;
  std::string model;    ///< may be an internal name for official models
  std::string version;  ///< opaque: 64 hex digits, `d-…`, `dp-…` or `hidden`
  Status status = Status::unknown;
  std::string status_text;  ///< the status as the server spells it, even if unknown
  JsonText input;           ///< the server's echo of the input
  Output output;
  /// Not sent by the server: set it before `Client::follow` if the model's schema is known.
  OutputKind output_kind = OutputKind::unknown;
  std::string error;
  std::string logs;
  JsonText metrics;          ///< a JSON object, after the run has ended
  std::string created_at;    ///< ISO 8601, as sent by the server
  std::string started_at;    ///< as above
  std::string completed_at;  ///< as above
  std::string get_url;       ///< URL to read this prediction again
  std::string cancel_url;    ///< URL to cancel it
  std::string stream_url;    ///< URL of its event stream; empty if it cannot be streamed
  bool data_removed = false;
};

}  // namespace rellama
