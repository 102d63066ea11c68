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

/// What a model puts out, as far as its schema tells. On the wire a list of file URLs looks like a
/// text in pieces.
enum class OutputKind {
  unknown,  ///< to be told from the output itself
  text,     ///< one text, whole or in pieces
  files,    ///< a URL, or a list of them
  values,   ///< any other JSON
};

/// What a prediction has put out so far. Text models give an array of strings, or one string; other
/// models give URLs of files, or any JSON.
class Output {
 public:
  Output() = default;

  /// Adds one piece of text.
  void append(std::string_view piece);
  /// Makes this a text that did not come in pieces.
  void set_text(std::string_view text);
  /// Makes this an output that is not text.
  void set_json(std::string json);
  /// Makes this an output of files: their URLs, and the JSON in which these came.
  void set_files(std::vector<std::string> urls, std::string json);

  [[nodiscard]] bool empty() const noexcept { return ends_.empty() && json_.empty(); }
  /// The pieces joined without separators; empty if the output is not text.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The JSON of an output that is not text; empty if it is text.
  [[nodiscard]] const std::string& json() const noexcept { return json_; }
  /// The URLs of an output that is files; empty if it is anything else.
  [[nodiscard]] const std::vector<std::string>& files() const noexcept { return files_; }
  /// Whether a text came as a list of pieces, and not as one string.
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
  std::string status_text;  ///< the server's own word, for a status that is not known here
  JsonText input;           ///< the server's echo of the input
  Output output;
  /// Not the server's word: whoever knows the model's schema says it before `Client::follow`.
  OutputKind output_kind = OutputKind::unknown;
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
