#pragma once

#include <optional>
#include <string>
#include <vector>

#include "history/store.hpp"
#include "options/context.hpp"
#include "rellama/transcript.hpp"

namespace rellama::program {

/// Which conversation an answer belongs to, and whether it is kept.
struct HistoryOptions {
  bool last = false;    ///< the conversation that was used last
  std::string session;  ///< a name, `12`, or `12.3`
  bool no_log = false;
};

void declare(CLI::App& app, HistoryOptions& options);

/// Declares nothing but whether it is kept.
void declare_no_log(CLI::App& app, HistoryOptions& options);

/// Where the history is, if there is a place for it.
[[nodiscard]] std::optional<std::filesystem::path> find_history_path(const Context& context);

/// The history there is. Throws Error (not_found) if nothing was kept yet.
[[nodiscard]] history::Store open_history(const Context& context);

/// Reads `12` or `12.3`. Throws Error (invalid_input).
[[nodiscard]] history::TurnId parse_turn(const std::string& text);

/// The turns of a conversation. Throws Error (not_found) if it is not there.
[[nodiscard]] std::vector<history::Turn> require_turns(history::Store& store,
                                                       std::int64_t conversation);

/// Where a conversation goes on.
struct Continuation {
  std::int64_t conversation = 0;     ///< 0: a new one
  std::string name;                  ///< of a new one
  std::int64_t parent = 0;           ///< number of the turn before; 0: there is none
  std::vector<history::Turn> turns;  ///< all of the conversation
  std::string model_options;         ///< of that turn; empty: there is none

  /// What was said before.
  [[nodiscard]] std::vector<Turn> earlier() const;
};

/// Where the options say that a conversation goes on, if they do. Throws Error: not_found, or
/// invalid_input for what is no name.
[[nodiscard]] std::optional<Continuation> find_continuation(const HistoryOptions& options,
                                                            const Context& context);

/// A conversation that goes on behind `number`, or, as it is 0, at its beginning.
[[nodiscard]] Continuation continue_behind(history::Store& store, std::int64_t conversation,
                                           std::int64_t number);

}  // namespace rellama::program
