#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rellama::history {

/// Milliseconds since 1970.
using Time = std::int64_t;

/// Identifies a turn by its conversation and its number in it, both from 1. Written as `12.3`; `12`
/// is a conversation.
struct TurnId {
  std::int64_t conversation = 0;
  std::int64_t number = 0;  ///< 0: the conversation as a whole

  bool operator==(const TurnId&) const = default;
};

/// Parses the number of a conversation or a turn: a positive whole number; nothing if it is none.
[[nodiscard]] std::optional<std::int64_t> parse_row_number(std::string_view text);

/// Parses `12` or `12.3`; nothing if it is neither.
[[nodiscard]] std::optional<TurnId> parse_turn_id(std::string_view text);
[[nodiscard]] std::string render_turn_id(const TurnId& id);

/// A prompt that was sent.
struct NewTurn {
  std::int64_t conversation = 0;  ///< 0: a new one
  std::string name;               ///< of a new conversation; empty: none
  std::int64_t parent = 0;        ///< number of the turn it follows; 0: none
  std::string prediction;
  std::string model;
  std::string model_options;  ///< JSON: {"name": ["value", …], …}, set by the user
  std::string prompt;
  Time asked_at = 0;
};

/// How a turn ended.
struct TurnEnd {
  std::string status;  ///< a status of Replicate's, or `cut`
  std::string error;   ///< why the answer is missing or incomplete
  Time ended_at = 0;
  std::optional<std::int64_t> input_tokens = {};
  std::optional<std::int64_t> output_tokens = {};
  std::optional<double> seconds = {};
};

/// A recorded turn.
struct Turn {
  TurnId id;
  std::int64_t parent = 0;
  std::string prediction;
  std::string model;
  std::string model_options;
  std::string prompt;
  std::string output;
  std::string status;  ///< `running` until it ends
  std::string error;
  Time asked_at = 0;
  std::optional<Time> ended_at = {};
  std::optional<std::int64_t> input_tokens = {};
  std::optional<std::int64_t> output_tokens = {};
  std::optional<double> seconds = {};

  [[nodiscard]] bool is_complete() const { return status == "succeeded"; }
};

/// What a list shows of a conversation.
struct ConversationSummary {
  std::int64_t id = 0;
  std::string name;
  std::string model;  ///< of the newest turn
  std::int64_t turns = 0;
  std::int64_t current = 0;  ///< number of the turn where it continues
  Time started_at = 0;
  Time updated_at = 0;
  std::string first_prompt;  ///< its start
  std::string status;        ///< of the newest turn
};

}  // namespace rellama::history
