#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "web/board.hpp"
#include "web/conversations.hpp"
#include "web/engine.hpp"
#include "web/page_request.hpp"
#include "web/page_run.hpp"
#include "web/reply.hpp"
#include "web/run_order.hpp"

namespace rellama::web {

/// The runs of the page. They belong to the server: whoever started one may leave. Used on the
/// engine's thread.
class PageRuns {
 public:
  /// All must outlive this. `records`: whether answers are recorded in the history at all.
  PageRuns(Engine& engine, Board& board, Conversations& conversations, const RequestMaker& maker,
           bool records);

  /// Starts a run. Returns the reply: {run, conversation, message}.
  [[nodiscard]] std::variant<std::string, Refusal> start(const RunOrder& order);
  /// What asks the same elsewhere.
  enum class Equivalent { command, curl };
  /// Renders that as {text}. No command continues a conversation that is not recorded.
  [[nodiscard]] std::variant<std::string, Refusal> render_equivalent(const RunOrder& order,
                                                                     Equivalent form) const;

  void stop(const std::string& run);
  /// Stops the runs of a conversation.
  void stop_all(const ConversationId& conversation);
  /// The run that answers a turn; empty if it has ended.
  [[nodiscard]] std::string run_of(const ConversationId& conversation, std::int64_t turn) const;

  /// Writes what could not be written before.
  void write_rest();
  /// As above, until everything is written or `limit` has passed.
  void write_all(std::chrono::milliseconds limit);

 private:
  /// A run's place in its conversation.
  struct Place {
    RunOrder order;  ///< with its prompt, if it is a retry
    std::int64_t parent = 0;
    std::vector<Turn> earlier = {};
  };

  [[nodiscard]] std::variant<Place, Refusal> find_place(const RunOrder& order) const;
  [[nodiscard]] Refusal refusal_for(const RunOrder& order, const Error& error) const;
  [[nodiscard]] std::unique_ptr<TurnRecord> record(const Place& place, const PageRequest& page,
                                                   std::vector<std::string>& warnings);

  Engine& engine_;
  Board& board_;
  Conversations& conversations_;
  const RequestMaker& maker_;
  const bool records_;
  std::unordered_map<std::string, std::shared_ptr<PageRun>> runs_;  // not ended, or not written
};

}  // namespace rellama::web
