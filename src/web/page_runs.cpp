#include "web/page_runs.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "options/history_options.hpp"
#include "rellama/error.hpp"
#include "system/random.hpp"
#include "web/command_text.hpp"
#include "wire/json_document.hpp"

namespace rellama::web {
namespace {

constexpr std::size_t kIdBytes = 16;

// The --session with which a command continues after a turn; empty for a single prompt, nothing if
// no command can: the turn is in the memory of this process.
std::optional<std::string> session_of(const RunOrder& order, std::int64_t parent) {
  if (order.single || order.compare) return std::string();
  if (parent == 0) return "new";
  if (order.conversation->in_memory) return std::nullopt;
  return history::render_turn_id({order.conversation->number, parent});
}

std::string render_text(const std::string& text) {
  return wire::render_json(nlohmann::ordered_json{{"text", text}});
}

Refusal not_found(const char* param, const std::string& message) {
  return {.status = 404, .message = message, .param = param};
}

}  // namespace

PageRuns::PageRuns(Engine& engine, Board& board, Conversations& conversations,
                   const RequestMaker& maker, bool records)
    : engine_(engine),
      board_(board),
      conversations_(conversations),
      maker_(maker),
      records_(records) {}

std::variant<std::string, Refusal> PageRuns::start(const RunOrder& order) {
  if (const auto refused = engine_.find_refusal()) {
    return Refusal{.status = refused->is_ending ? 503 : 429,
                   .message = "this cannot be started now: " + refused->why,
                   .remedy = "try again later",
                   .retry_after = refused->retry_after};
  }
  try {
    auto place = find_place(order);
    if (auto* refusal = std::get_if<Refusal>(&place)) return std::move(*refusal);
    auto& found = std::get<Place>(place);
    PageRequest page = maker_.make(found.order, found.earlier);
    PageRunFacts facts{.id = system::random_hex(kIdBytes),
                       .model = page.model,
                       .prompt = found.order.prompt,
                       .is_container = maker_.container().has_value(),
                       .is_single = order.single};
    if (!order.compare) facts.record = record(found, page, facts.warnings);
    const std::string id = facts.id;
    nlohmann::ordered_json reply{{"run", id}, {"conversation", nullptr}, {"message", nullptr}};
    if (facts.record && !order.single) {
      const RecordedTurn& turn = facts.record->turn();
      reply["conversation"] = render_conversation_id(turn.conversation);
      reply["message"] = render_message_id({.is_answer = true, .turn = turn.number});
    }
    if (facts.record) board_.tell_conversations();
    const auto run = std::make_shared<PageRun>(std::move(facts), board_);
    runs_.emplace(id, run);
    engine_.start(id, std::move(page.request), run);
    return wire::render_json(reply);
  } catch (const Error& error) {
    return refusal_for(order, error);
  }
}

std::variant<std::string, Refusal> PageRuns::render_equivalent(const RunOrder& order,
                                                               Equivalent form) const {
  try {
    const auto place = find_place(order);
    if (const auto* refusal = std::get_if<Refusal>(&place)) return *refusal;
    const auto& found = std::get<Place>(place);
    const PageRequest page = maker_.make(found.order, found.earlier);
    if (form == Equivalent::curl) return render_text(maker_.render_curl(page.request));
    const auto session = session_of(order, found.parent);
    if (!session) {
      return Refusal{.message = "no command continues a conversation that is not recorded",
                     .remedy = "copy it as curl"};
    }
    return render_text(render_command(
        page,
        {.session = *session, .records = records_ && order.record, .demo = maker_.is_demo()}));
  } catch (const Error& error) {
    return refusal_for(order, error);
  }
}

// Only an order can be wrong here: the model that it names, or an input.
Refusal PageRuns::refusal_for(const RunOrder& order, const Error& error) const {
  Refusal refusal = refusal_of(error);
  const bool is_wrong =
      error.kind() == ErrorKind::invalid_input || error.kind() == ErrorKind::not_found;
  if (!is_wrong) return refusal;
  constexpr int kBadRequest = 400;
  refusal.status = kBadRequest;
  refusal.param = maker_.find_wrong_part(order);
  return refusal;
}

std::variant<PageRuns::Place, Refusal> PageRuns::find_place(const RunOrder& order) const {
  Place place{.order = order, .parent = order.parent};
  if (!order.conversation) return place;
  program::Continuation conversation;
  conversation.turns = conversations_.turns(*order.conversation);
  if (conversation.turns.empty()) {
    return not_found("conversation", "the conversation no longer exists");
  }
  const auto find_turn = [&](std::int64_t number) {
    return std::find_if(conversation.turns.begin(), conversation.turns.end(),
                        [number](const history::Turn& turn) { return turn.id.number == number; });
  };
  if (order.retry != 0) {
    const auto again = find_turn(order.retry);
    if (again == conversation.turns.end()) return not_found("retry", "there is no such message");
    place.parent = again->parent;
    place.order.prompt = again->prompt;
  } else if (order.parent != 0 && find_turn(order.parent) == conversation.turns.end()) {
    return not_found("parent", "there is no such message");
  }
  conversation.parent = place.parent;
  place.earlier = conversation.earlier();
  return place;
}

std::unique_ptr<TurnRecord> PageRuns::record(const Place& place, const PageRequest& page,
                                             std::vector<std::string>& warnings) {
  history::NewTurn turn;
  turn.parent = place.parent;
  turn.model = page.model;
  turn.model_options = page.saved_options;
  turn.prompt = place.order.prompt;
  turn.asked_at = current_time();
  std::string why;
  const RecordedTurn recorded = conversations_.begin(place.order.conversation, std::move(turn),
                                                     records_ && place.order.record, why);
  if (!why.empty()) warnings.push_back("This is not recorded: " + why);
  return std::make_unique<TurnRecord>(conversations_, recorded);
}

void PageRuns::stop(const std::string& run) {
  engine_.stop(run, ErrorKind::interrupted);
}

void PageRuns::stop_all(const ConversationId& conversation) {
  std::vector<std::string> ids;
  for (const auto& [id, run] : runs_) {
    if (run->record() != nullptr && run->record()->turn().conversation == conversation) {
      ids.push_back(id);
    }
  }
  for (const std::string& id : ids) stop(id);
}

std::string PageRuns::run_of(const ConversationId& conversation, std::int64_t turn) const {
  for (const auto& [id, run] : runs_) {
    if (run->has_ended() || run->record() == nullptr) continue;
    const RecordedTurn& recorded = run->record()->turn();
    if (recorded.conversation == conversation && recorded.number == turn) return id;
  }
  return {};
}

void PageRuns::write_rest() {
  const auto now = Engine::Clock::now();
  for (auto at = runs_.begin(); at != runs_.end();) {
    const PageRun& run = *at->second;
    if (run.has_ended() && run.record() != nullptr) (void)run.record()->write(now);
    const bool is_over = run.has_ended() && (run.record() == nullptr || run.record()->is_written());
    at = is_over ? runs_.erase(at) : std::next(at);
  }
}

void PageRuns::write_all(std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kPause{50};
  const auto deadline = Engine::Clock::now() + limit;
  for (write_rest(); !runs_.empty() && Engine::Clock::now() < deadline; write_rest()) {
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace rellama::web
