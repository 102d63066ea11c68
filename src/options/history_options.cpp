#include "options/history_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <exception>
#include <system_error>

#include "rellama/error.hpp"
#include "settings/directories.hpp"

namespace rellama::program {
namespace {

constexpr const char* kConversationGroup = "Conversation";
constexpr const char* kLast = "last";
constexpr const char* kNew = "new";

Error history_is_empty() {
  return Error(ErrorKind::not_found,
               {.failed = "the history is empty", .remedy = "ask something first"});
}

Error no_conversation(const std::string& which) {
  return Error(ErrorKind::not_found, {.failed = "no conversation named or numbered '" + which + "'",
                                      .remedy = "list them with: rellama history list"});
}

// A name must not look like a number or an option.
void check_name(const std::string& name) {
  constexpr std::size_t kLongest = 64;
  const auto fits = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c >= 0x80;
  };
  const bool usable = !name.empty() && name.size() <= kLongest &&
                      std::isalpha(static_cast<unsigned char>(name.front())) != 0 &&
                      std::all_of(name.begin(), name.end(), fits);
  if (usable) return;
  throw Error(ErrorKind::invalid_input,
              {.failed = "'" + name + "' is not a valid conversation name or ID",
               .remedy = "a name starts with a letter and has at most 64 letters, digits, '-', "
                         "'_' and '.'"});
}

}  // namespace

std::optional<history::Store> find_history(const Context& context) {
  const auto path = find_history_path(context);
  std::error_code ignored;
  if (!path || !std::filesystem::exists(*path, ignored)) return std::nullopt;
  return std::optional<history::Store>(std::in_place, *path, history::Database::Open::existing);
}

bool is_in_history(const Context& context, const PredictionId& id) noexcept {
  try {
    auto store = find_history(context);
    return store && store->has_prediction(id.value);
  } catch (const std::exception&) {
    return false;
  }
}

void declare_no_log(CLI::App& app, HistoryOptions& options) {
  app.add_flag("-n,--no-log", options.no_log, "do not record this in the history")
      ->group(kConversationGroup);
}

void declare(CLI::App& app, HistoryOptions& options) {
  // Not configurable: set permanently, they would put every prompt into one conversation.
  CLI::Option* last =
      app.add_flag("-c,--continue", options.last, "continue the most recent conversation");
  last->group(kConversationGroup)->configurable(false);
  app.add_option(
         "--session", options.session,
         "continue a conversation by name, ID or last (new or a new name starts one), or from one "
         "of its turns, such as 12.3 (rellama history list)")
      ->type_name("NAME|ID")
      ->excludes(last)
      ->group(kConversationGroup)
      ->configurable(false);
  declare_no_log(app, options);
}

std::optional<std::filesystem::path> find_history_path(const Context& context) {
  const auto directory = settings::find_directories(context.environment).data;
  if (!directory) return std::nullopt;
  return *directory / "history.db";
}

history::Store open_history(const Context& context) {
  auto store = find_history(context);
  if (!store) throw history_is_empty();
  return *std::move(store);
}

history::Store open_history_or_none(const Context& context) {
  if (auto store = find_history(context)) return *std::move(store);
  return {"", history::Database::Open::in_memory};
}

history::TurnId find_turn_id(history::Store& store, const std::string& text) {
  if (const auto id = history::parse_turn_id(text)) return *id;
  if (text == kLast) {
    const auto last = store.find_last();
    if (!last) throw history_is_empty();
    return {last->id, last->current != 0 ? last->current : last->turns};
  }
  check_name(text);
  if (const auto found = store.find_named(text)) return {found->id, 0};
  throw no_conversation(text);
}

std::vector<history::Turn> require_turns(history::Store& store, std::int64_t conversation) {
  auto turns = store.turns(conversation);
  if (turns.empty()) throw no_conversation(std::to_string(conversation));
  return turns;
}

std::vector<Turn> Continuation::earlier() const {
  std::vector<Turn> earlier;
  for (history::Turn& turn : history::path_to(turns, parent)) {
    if (turn.output.empty() && !turn.is_complete()) continue;  // failed before any output
    earlier.push_back({.user = std::move(turn.prompt), .assistant = std::move(turn.output)});
  }
  return earlier;
}

Continuation continue_after(history::Store& store, std::int64_t conversation, std::int64_t number) {
  Continuation continuation;
  continuation.conversation = conversation;
  continuation.turns = require_turns(store, conversation);
  const auto& turns = continuation.turns;
  const auto turn = std::find_if(
      turns.begin(), turns.end(),
      [number](const history::Turn& candidate) { return candidate.id.number == number; });
  if (number != 0 && turn == turns.end()) {
    throw no_conversation(history::render_turn_id({conversation, number}));
  }
  continuation.parent = number;
  // At the beginning of a conversation there is no turn before; the newest has the best options.
  continuation.model_options = number != 0 ? turn->model_options : turns.back().model_options;
  return continuation;
}

std::optional<Continuation> find_continuation(const HistoryOptions& options,
                                              const Context& context) {
  if (options.last || options.session == kLast) {
    history::Store store = open_history(context);
    const auto last = store.find_last();
    if (!last) throw history_is_empty();
    return continue_after(store, last->id, last->current);
  }
  if (options.session.empty()) return std::nullopt;
  if (options.session == kNew) return Continuation{};
  if (const auto id = history::parse_turn_id(options.session)) {
    history::Store store = open_history(context);
    if (id->number != 0) return continue_after(store, id->conversation, id->number);
    const auto found = store.find(id->conversation);
    if (!found) throw no_conversation(options.session);
    return continue_after(store, found->id, found->current);
  }
  if (auto store = find_history(context)) {
    if (const auto found = store->find_named(options.session)) {
      return continue_after(*store, found->id, found->current);
    }
  }
  check_name(options.session);  // the page gives conversations any name
  Continuation start;
  start.name = options.session;
  return start;
}

}  // namespace rellama::program
