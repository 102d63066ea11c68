#include "history/store.hpp"

#include <algorithm>
#include <utility>

#include "history/filter.hpp"
#include "history/schema.hpp"
#include "rellama/error.hpp"

namespace rellama::history {
namespace {

constexpr const char* kTurnColumns =
    "SELECT conversation, number, parent, prediction, model, model_options, prompt, output, "
    "status, "
    "error, asked_at, ended_at, input_tokens, output_tokens, seconds FROM turn ";

constexpr const char* kConversationColumns =
    "SELECT c.id, coalesce(c.name, ''), c.model, c.turns, c.current, c.started_at, c.updated_at, "
    "coalesce((SELECT substr(prompt, 1, 200) FROM turn WHERE conversation = c.id AND number = 1), "
    "''), coalesce((SELECT status FROM turn WHERE conversation = c.id AND number = c.turns), '') "
    "FROM conversation c ";

Turn read_turn(const Statement& row) {
  return {.id = {row.integer(0), row.integer(1)},
          .parent = row.integer(2),
          .prediction = row.text(3),
          .model = row.text(4),
          .model_options = row.text(5),
          .prompt = row.text(6),
          .output = row.text(7),
          .status = row.text(8),
          .error = row.text(9),
          .asked_at = row.integer(10),
          .ended_at = row.find_integer(11),
          .input_tokens = row.find_integer(12),
          .output_tokens = row.find_integer(13),
          .seconds = row.find_number(14)};
}

ConversationSummary read_conversation(const Statement& row) {
  return {.id = row.integer(0),
          .name = row.text(1),
          .model = row.text(2),
          .turns = row.integer(3),
          .current = row.integer(4),
          .started_at = row.integer(5),
          .updated_at = row.integer(6),
          .first_prompt = row.text(7),
          .status = row.text(8)};
}

std::optional<ConversationSummary> read_one(Statement statement) {
  if (!statement.step()) return std::nullopt;
  return read_conversation(statement);
}

// Another process may have begun the conversation since we looked for it.
std::int64_t require_named(Database& database, std::string_view name) {
  Statement row = database.prepare("SELECT id FROM conversation WHERE name = ?");
  row.bind(name);
  return row.step() ? row.integer(0) : 0;
}

}  // namespace

Store::Store(std::filesystem::path path, Database::Open open, std::chrono::milliseconds patience)
    : database_(std::move(path), open, patience) {
  check_tables(database_);
  migrate(database_);
  if (open == Database::Open::create) database_.make_private();
}

TurnId Store::begin(const NewTurn& turn) {
  Transaction transaction(database_);
  std::int64_t conversation = turn.conversation;
  if (conversation == 0) {
    const auto name = turn.name.empty() ? std::nullopt : std::optional<std::string_view>(turn.name);
    database_
        .prepare(
            "INSERT INTO conversation (name, started_at, updated_at, model) VALUES (?,?,?,?) "
            "ON CONFLICT (name) DO NOTHING")
        .bind(name, turn.asked_at, turn.asked_at, std::string_view(turn.model))
        .run();
    conversation = name ? require_named(database_, *name) : database_.last_row();
  }
  Statement count = database_.prepare(
      "UPDATE conversation SET turns = turns + 1, updated_at = ?, model = ? WHERE id = ? "
      "RETURNING turns");
  count.bind(turn.asked_at, std::string_view(turn.model), conversation);
  if (!count.step()) {
    throw Error(ErrorKind::not_found,
                {.failed = "conversation " + std::to_string(conversation) + " no longer exists"});
  }
  const TurnId id{conversation, count.integer(0)};
  (void)count.step();
  database_
      .prepare(
          "INSERT INTO turn (conversation, number, parent, prediction, model, model_options, "
          "prompt, status, asked_at) VALUES (?,?,?,?,?,?,?,'running',?)")
      .bind(id.conversation, id.number, turn.parent, std::string_view(turn.prediction),
            std::string_view(turn.model), std::string_view(turn.model_options),
            std::string_view(turn.prompt), turn.asked_at)
      .run();
  transaction.commit();
  return id;
}

void Store::set_prediction(const TurnId& id, std::string_view prediction) {
  database_.prepare("UPDATE turn SET prediction = ? WHERE conversation = ? AND number = ?")
      .bind(prediction, id.conversation, id.number)
      .run();
}

void Store::append(const TurnId& id, std::string_view output) {
  Transaction transaction(database_);
  database_.prepare("UPDATE turn SET output = output || ? WHERE conversation = ? AND number = ?")
      .bind(output, id.conversation, id.number)
      .run();
  go_to(id);
  transaction.commit();
}

void Store::end(const TurnId& id, const TurnEnd& end, std::string_view rest) {
  Transaction transaction(database_);
  write_end(id, end, rest);
  if (!rest.empty()) go_to(id);
  transaction.commit();
}

// One statement: SQLite writes a row as a whole, and with it all of its text.
void Store::write_end(const TurnId& id, const TurnEnd& end, std::string_view rest) {
  database_
      .prepare(
          "UPDATE turn SET output = output || ?, status = ?, error = ?, ended_at = ?, "
          "input_tokens = ?, output_tokens = ?, seconds = ? WHERE conversation = ? AND number = ?")
      .bind(rest, std::string_view(end.status), std::string_view(end.error), end.ended_at,
            end.input_tokens, end.output_tokens, end.seconds, id.conversation, id.number)
      .run();
}

bool Store::complete(std::string_view prediction, std::string_view output, const TurnEnd& end) {
  Transaction transaction(database_);
  Statement open = database_.prepare(
      "UPDATE turn SET output = '' WHERE prediction = ? AND ended_at IS NULL RETURNING "
      "conversation, number");
  open.bind(prediction);
  if (!open.step()) return false;
  const TurnId id{open.integer(0), open.integer(1)};
  (void)open.step();
  write_end(id, end, output);
  go_to(id);
  transaction.commit();
  return true;
}

std::vector<ConversationSummary> Store::list(const Filter& filter) {
  Statement rows = database_.prepare(
      std::string(kConversationColumns) +
      "WHERE (?1 IS NULL OR c.updated_at >= ?1) AND (?2 IS NULL OR c.updated_at < ?2) AND "
      "(?3 = '' OR instr(c.model, ?3) > 0) ORDER BY c.updated_at DESC, c.id DESC LIMIT ?4");
  rows.bind(filter.since, filter.before, std::string_view(filter.model), filter.limit);
  std::vector<ConversationSummary> conversations;
  while (rows.step()) conversations.push_back(read_conversation(rows));
  return conversations;
}

std::vector<UsageTotal> Store::usage(UsageKey key, const Filter& filter) {
  const std::string by =
      key == UsageKey::model ? "model" : "date(asked_at / 1000, 'unixepoch', 'localtime')";
  Statement rows = database_.prepare(
      "SELECT " + by +
      " AS key, count(*), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), "
      "coalesce(sum(seconds), 0.0) FROM turn WHERE " +
      filter_condition + "GROUP BY key ORDER BY key");
  rows.bind(filter.since, filter.before, std::string_view(filter.model));
  std::vector<UsageTotal> totals;
  while (rows.step()) {
    totals.push_back({.key = rows.text(0),
                      .turns = rows.integer(1),
                      .input_tokens = rows.integer(2),
                      .output_tokens = rows.integer(3),
                      .seconds = rows.find_number(4).value_or(0)});
  }
  return totals;
}

std::optional<ConversationSummary> Store::find(std::int64_t conversation) {
  Statement row = database_.prepare(std::string(kConversationColumns) + "WHERE c.id = ?");
  row.bind(conversation);
  return read_one(std::move(row));
}

std::optional<ConversationSummary> Store::find_named(const std::string& name) {
  Statement row = database_.prepare(std::string(kConversationColumns) + "WHERE c.name = ?");
  row.bind(std::string_view(name));
  return read_one(std::move(row));
}

std::optional<ConversationSummary> Store::find_last() {
  return read_one(database_.prepare(std::string(kConversationColumns) +
                                    "ORDER BY c.updated_at DESC, c.id DESC LIMIT 1"));
}

bool Store::has_prediction(std::string_view id) {
  Statement row = database_.prepare("SELECT 1 FROM turn WHERE prediction = ? LIMIT 1");
  row.bind(id);
  return row.step();
}

std::optional<Turn> Store::find_turn(const TurnId& id) {
  Statement row =
      database_.prepare(std::string(kTurnColumns) + "WHERE conversation = ? AND number = ?");
  row.bind(id.conversation, id.number);
  if (!row.step()) return std::nullopt;
  return read_turn(row);
}

std::vector<Turn> Store::turns(std::int64_t conversation) {
  Statement rows =
      database_.prepare(std::string(kTurnColumns) + "WHERE conversation = ? ORDER BY number");
  rows.bind(conversation);
  std::vector<Turn> turns;
  while (rows.step()) turns.push_back(read_turn(rows));
  return turns;
}

bool Store::rename(std::int64_t conversation, const std::string& name) {
  const auto value = name.empty() ? std::nullopt : std::optional<std::string_view>(name);
  database_.prepare("UPDATE OR IGNORE conversation SET name = ? WHERE id = ?")
      .bind(value, conversation)
      .run();
  return database_.changes() == 1;
}

std::int64_t Store::version() {
  Statement row = database_.prepare("PRAGMA data_version");
  return row.step() ? row.integer(0) : 0;
}

void Store::go_to(const TurnId& id) {
  database_.prepare("UPDATE conversation SET current = ? WHERE id = ?")
      .bind(id.number, id.conversation)
      .run();
}

bool Store::remove(std::int64_t conversation) {
  Transaction transaction(database_);
  database_.execute("PRAGMA secure_delete=ON");
  database_.prepare("DELETE FROM turn WHERE conversation = ?").bind(conversation).run();
  Statement gone = database_.prepare("DELETE FROM conversation WHERE id = ? RETURNING id");
  gone.bind(conversation);
  const bool was_there = gone.step();
  while (was_there && gone.step()) {
  }
  transaction.commit();
  return was_there;
}

void Store::forget_removed() {
  // The index keeps deleted words until it is merged, the log until it is checkpointed.
  database_.execute(
      "INSERT INTO turn_text (turn_text) VALUES ('optimize'); PRAGMA wal_checkpoint(TRUNCATE)");
}

std::vector<Turn> path_to(const std::vector<Turn>& turns, std::int64_t number) {
  std::vector<Turn> path;
  // Parents are always older, so this ends whatever the file says.
  while (number > 0) {
    const auto turn = std::find_if(turns.begin(), turns.end(), [number](const Turn& candidate) {
      return candidate.id.number == number;
    });
    if (turn == turns.end()) break;
    path.push_back(*turn);
    if (turn->parent >= number) break;
    number = turn->parent;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace rellama::history
