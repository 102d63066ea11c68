#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rellama/concatenator.hpp"
#include "rellama/error.hpp"
#include "rellama/event_sink.hpp"
#include "rellama/prediction.hpp"
#include "replicate/endpoint.hpp"
#include "wire/damaged_object.hpp"
#include "wire/secret_mask.hpp"

namespace rellama::replicate {

/// What a sink has been shown of a prediction's output. Shows only new text, whether it arrives
/// from a stream or with the object. Output that is or may be file URLs or JSON values is held back
/// until the object tells: docs/decisions/0008.
class ShownOutput {
 public:
  /// `kind`: the kind of the output, if it is known from a schema. `secrets` are hidden from the
  /// sink.
  ShownOutput(EventSink& sink, OutputKind kind, const wire::SecretMask& secrets);

  /// Shows the text of a stream event, of which `fresh` is new. Throws Error (server) if the output
  /// gets too long.
  void add_piece(std::string_view piece, std::string_view fresh, const PredictionId& id);
  /// Shows the status and the output of the object as far as they are new.
  void add_object(const Prediction& prediction);
  /// Shows a status if it is new.
  void add_status(Status status);
  /// Shows the rest of the output of a prediction that has ended, and completes its output. Throws
  /// Error (incomplete) if it does not agree with what was shown, or if it `lacks` text that may
  /// have been followed by more.
  void finish(Prediction& prediction, const Endpoint& endpoint, bool lacks);
  /// Shows what was held back, one piece per line, since the object will not be read.
  void show_held_lines();

  /// Whether more text was received than `output` has.
  [[nodiscard]] bool is_ahead_of(const Output& output) const;
  /// All text received so far.
  [[nodiscard]] const std::string& text() const noexcept { return text_.text(); }

 private:
  void show(std::string_view fresh);
  void show_last(std::string_view fresh);
  void show_new_text(const std::string& whole);
  void show_held(const std::string& text);
  void classify_piece(std::string_view piece);
  // Whether the text was received without the damage that the stored output has.
  [[nodiscard]] bool repairs(const wire::DamagedText& stored) const;
  void take_text_for(Prediction& prediction) const;
  // After what has been received.
  [[nodiscard]] Error differs(const PredictionId& id);

  EventSink& sink_;
  OutputKind kind_;
  bool holding_ = true;  // whether output is held back because it may not be text
  Output held_;          // the pieces held back
  std::string begin_;    // of the output, if nothing is known about the model
  std::size_t pieces_classified_ = 0;
  Concatenator text_;
  wire::MaskedText masked_;
  Status status_ = Status::unknown;
};

}  // namespace rellama::replicate
