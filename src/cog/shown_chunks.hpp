#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rellama/concatenator.hpp"
#include "rellama/error.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/prediction.hpp"
#include "wire/cog_json.hpp"

namespace rellama::cog {

/// What a sink has been shown of a run. The output arrives in numbered chunks, which a new
/// connection may repeat, and at the end with the final object. Each text is shown once.
class ShownChunks {
 public:
  /// `sink` must outlive this.
  ShownChunks(EventSink& sink, PredictionId id);

  /// Shows that the container has accepted the run, unless that was shown.
  void show_created();
  /// Shows that the run has begun, unless that was shown.
  void show_processing();

  /// A new connection: its chunks may begin with the first again.
  void reopen() noexcept { next_index_ = 0; }
  /// Shows a chunk if it is new and follows the one before. Throws Error: `incomplete` if it
  /// differs from what was received before, `server` if the output gets too long.
  void add(const wire::CogChunk& chunk);
  /// Chunks are missing: nothing more is shown until the final object has the whole output.
  void skip() noexcept { has_gap_ = true; }

  /// Shows the rest of the output of a run that has ended, and completes `final`. Throws Error
  /// (incomplete) if it does not agree with what was shown.
  void finish(Prediction& final, const std::string& base_url);

  /// The prediction as it was created; without an ID if it was not.
  [[nodiscard]] const Prediction& created() const noexcept { return created_; }
  /// All text received in chunks.
  [[nodiscard]] const std::string& text() const noexcept { return text_.text(); }

  /// The error for an answer of which only the text shown so far is known.
  [[nodiscard]] Error incomplete(std::string why, std::string remedy) const;

 private:
  [[nodiscard]] std::string_view chunk(std::size_t index) const;
  void show(std::string_view fresh);

  EventSink& sink_;
  const PredictionId id_;
  Prediction created_ = {};
  Concatenator text_;
  std::vector<std::size_t> ends_;  // where each chunk ends in the text
  std::size_t next_index_ = 0;     // the index of a chunk that has none
  bool has_gap_ = false;
  bool holds_ = false;  // whether the text is held back because it may be a file URL
  bool processing_ = false;
};

}  // namespace rellama::cog
