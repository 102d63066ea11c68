#pragma once

#include <optional>
#include <string>
#include <vector>

#include "history/store.hpp"
#include "options/context.hpp"
#include "rellama/prediction.hpp"
#include "rellama/transcript.hpp"

namespace rellama::program {

/// Which conversation an answer belongs to, and whether it is recorded.
struct HistoryOptions {
  bool last = false;    ///< continue the most recent conversation
  std::string session;  ///< a name, `12`, `12.3`, `last` or `new`
  bool no_log = false;
};

void declare(CLI::App& app, HistoryOptions& options);

/// Declares --no-log only.
void declare_no_log(CLI::App& app, HistoryOptions& options);

/// The path of the history; empty if there is no home directory.
[[nodiscard]] std::optional<std::filesystem::path> find_history_path(const Context& context);

/// Opens the history, if anything has been recorded.
[[nodiscard]] std::optional<history::Store> find_history(const Context& context);

/// Opens the history. Throws Error (not_found) if nothing has been recorded.
[[nodiscard]] history::Store open_history(const Context& context);

/// Whether the history has an answer of this prediction. False if the history cannot be read.
[[nodiscard]] bool is_in_history(const Context& context, const PredictionId& id) noexcept;

/// As `open_history`, but an empty history if nothing has been recorded.
[[nodiscard]] history::Store open_history_or_none(const Context& context);

/// The conversation or the turn that `text` stands for: `12`, `12.3`, the name of a conversation,
/// or `last`, the turn that was recorded last. Throws Error: not_found, or invalid_input.
[[nodiscard]] history::TurnId find_turn_id(history::Store& store, const std::string& text);

/// The turns of a conversation. Throws Error (not_found) if it does not exist.
[[nodiscard]] std::vector<history::Turn> require_turns(history::Store& store,
                                                       std::int64_t conversation);

/// The point from which a conversation continues.
struct Continuation {
  std::int64_t conversation = 0;     ///< 0: a new conversation
  std::string name;                  ///< of a new conversation
  std::int64_t parent = 0;           ///< the number of the turn before; 0: none
  std::vector<history::Turn> turns;  ///< the whole conversation
  std::string model_options;         ///< of the turn before; empty: none

  /// The turns from the beginning up to `parent`, without those that have no answer.
  [[nodiscard]] std::vector<Turn> earlier() const;
};

/// The continuation that the options ask for, if any. Throws Error: not_found, or invalid_input if
/// the session is neither a name nor an ID.
[[nodiscard]] std::optional<Continuation> find_continuation(const HistoryOptions& options,
                                                            const Context& context);

/// Continues a conversation after turn `number`; 0 starts over from its beginning. Throws Error
/// (not_found).
[[nodiscard]] Continuation continue_after(history::Store& store, std::int64_t conversation,
                                          std::int64_t number);

}  // namespace rellama::program
