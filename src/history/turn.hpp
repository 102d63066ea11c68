#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::history {

/// Milliseconds since 1970.
using Time = std::int64_t;

/// Names a turn: its conversation, and its number in that, both from 1. Written `12.3`; `12` is a
/// conversation.
struct TurnId {
  std::int64_t conversation = 0;
  std::int64_t number = 0;  ///< 0: the conversation as a whole

  bool operator==(const TurnId&) const = default;
};

/// Reads `12` or `12.3`; nothing if it is neither.
[[nodiscard]] std::optional<TurnId> parse_turn_id(std::string_view text);
[[nodiscard]] std::string render_turn_id(const TurnId& id);

/// A prompt that was sent.
struct NewTurn {
  std::int64_t conversation = 0;  ///< 0: a new one
  std::string name;               ///< of a new conversation; empty: it has none
  std::int64_t parent = 0;        ///< number of the turn it follows; 0: it is a beginning
  std::string prediction;
  std::string model;
  std::string model_options;  ///< JSON: {"name": ["value", …], …}, what the user set
  std::string prompt;
  Time asked_at = 0;
};

/// How a turn ended.
struct TurnEnd {
  std::string status;  ///< a word of Replicate's, or `cut`
  std::string error;   ///< why there is no answer, or only a part of one
  Time ended_at = 0;
  std::optional<std::int64_t> input_tokens = {};
  std::optional<std::int64_t> output_tokens = {};
  std::optional<double> seconds = {};
};

/// A turn as it is kept.
struct Turn {
  TurnId id;
  std::int64_t parent = 0;
  std::string prediction;
  std::string model;
  std::string model_options;
  std::string prompt;
  std::string output;
  std::string status;  ///< `running` until it has ended
  std::string error;
  Time asked_at = 0;
  std::optional<Time> ended_at = {};
  std::optional<std::int64_t> input_tokens = {};
  std::optional<std::int64_t> output_tokens = {};
  std::optional<double> seconds = {};

  [[nodiscard]] bool is_complete() const { return status == "succeeded"; }
};

/// A conversation in a list.
struct Conversation {
  std::int64_t id = 0;
  std::string name;
  std::string model;  ///< of the newest turn
  std::int64_t turns = 0;
  std::int64_t current = 0;  ///< number of the turn where it was left
  Time started_at = 0;
  Time updated_at = 0;
  std::string first_prompt;  ///< its begin
  std::string status;        ///< of the newest turn
};

}  // namespace rellama::history
