#include "history/schema.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "rellama/error.hpp"

namespace rellama::history {
namespace {

// Times are milliseconds since 1970. A turn is one prompt and its answer; `number` identifies it
// within its conversation, and `parent` is the number of the turn it follows. `model_options` holds
// what the user set, as {"name":["value",...]}. A turn without `ended_at` is running, or its
// program was killed. The search index has no copy of the text: it refers to `turn`. `to_index`
// lists the turns that have ended and are not in the index yet (search.cpp).
constexpr std::array<const char*, 3> kSteps{R"sql(
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  model TEXT NOT NULL,
  turns INTEGER NOT NULL DEFAULT 0,
  current INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX conversation_by_time ON conversation (updated_at);
CREATE TABLE turn (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  number INTEGER NOT NULL,
  parent INTEGER NOT NULL DEFAULT 0,
  prediction TEXT NOT NULL,
  model TEXT NOT NULL,
  model_options TEXT NOT NULL,
  prompt TEXT NOT NULL,
  output TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  error TEXT NOT NULL DEFAULT '',
  asked_at INTEGER NOT NULL,
  ended_at INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  seconds REAL,
  UNIQUE (conversation, number)
);
CREATE INDEX turn_by_time ON turn (asked_at);
CREATE INDEX turn_under_way ON turn (id) WHERE ended_at IS NULL;
CREATE VIRTUAL TABLE turn_text USING fts5 (prompt, output, content='turn', content_rowid='id');
CREATE TRIGGER turn_ends AFTER UPDATE OF ended_at ON turn
WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL BEGIN
  INSERT INTO turn_text (rowid, prompt, output) VALUES (new.id, new.prompt, new.output);
END;
CREATE TRIGGER turn_goes BEFORE DELETE ON turn WHEN old.ended_at IS NOT NULL BEGIN
  INSERT INTO turn_text (turn_text, rowid, prompt, output)
  VALUES ('delete', old.id, old.prompt, old.output);
END;
)sql",
                                            // The index had words; now it has every three
                                            // characters, which finds parts of words. Nothing of
                                            // the old one may outlive a turn that is deleted.
                                            R"sql(
PRAGMA secure_delete=ON;
DROP TABLE turn_text;
CREATE VIRTUAL TABLE turn_text USING fts5 (
  prompt, output, content='turn', content_rowid='id', tokenize='trigram'
);
INSERT INTO turn_text (rowid, prompt, output)
SELECT id, prompt, output FROM turn WHERE ended_at IS NOT NULL;
)sql",
                                            // Each answer paid for its place in the index, also in
                                            // a history that nobody searches; now a search adds
                                            // what is missing.
                                            R"sql(
CREATE TABLE to_index (turn INTEGER PRIMARY KEY);
DROP TRIGGER turn_ends;
CREATE TRIGGER turn_ends AFTER UPDATE OF ended_at ON turn
WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL BEGIN
  INSERT INTO to_index VALUES (new.id);
END;
DROP TRIGGER turn_goes;
CREATE TRIGGER turn_goes BEFORE DELETE ON turn WHEN old.ended_at IS NOT NULL BEGIN
  INSERT INTO turn_text (turn_text, rowid, prompt, output)
  SELECT 'delete', old.id, old.prompt, old.output
  WHERE NOT EXISTS (SELECT 1 FROM to_index WHERE turn = old.id);
  DELETE FROM to_index WHERE turn = old.id;
END;
)sql"};

std::int64_t read_number(Database& database, const char* sql) {
  Statement statement = database.prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

// How long another process may take to migrate a large history.
constexpr std::int64_t kMigrationMilliseconds = 60'000;

// Lets the database wait longer than usual for other processes.
class Patience {
 public:
  explicit Patience(Database& database)
      : database_(database), usual_(read_number(database, "PRAGMA busy_timeout")) {
    wait(std::max(usual_, kMigrationMilliseconds));
  }
  ~Patience() {
    try {
      wait(usual_);
    } catch (const Error&) {  // then it waits longer
    }
  }
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

 private:
  void wait(std::int64_t milliseconds) {
    database_.prepare("PRAGMA busy_timeout=" + std::to_string(milliseconds)).run();
  }
  Database& database_;
  std::int64_t usual_;
};

Error not_ours(const Database& database, std::string why, std::string remedy) {
  return Error(ErrorKind::internal, {.failed = "cannot use the history " + database.path().string(),
                                     .why = std::move(why),
                                     .remedy = std::move(remedy)});
}

Error another_program(const Database& database) {
  return not_ours(database, "it is another program's database", "move it away");
}

}  // namespace

std::span<const char* const> schema_steps() {
  return kSteps;
}

void migrate(Database& database, std::span<const char* const> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  const auto version_of = [&database] { return read_number(database, "PRAGMA user_version"); };
  std::int64_t version = version_of();
  if (version == newest) return;
  if (version < 0) throw another_program(database);
  if (version > newest) {
    throw not_ours(database, "a newer version of rellama wrote it",
                   "update rellama, or use --no-log");
  }
  if (version == 0 && read_number(database, "SELECT count(*) FROM sqlite_schema") > 0 &&
      version_of() == 0) {
    throw another_program(database);
  }
  if (version == 0) database.execute("PRAGMA journal_mode=WAL");
  const Patience patience(database);
  Transaction transaction(database);
  version = version_of();  // another process may have migrated it
  for (; version < newest; ++version) database.execute(steps[static_cast<std::size_t>(version)]);
  database.execute(("PRAGMA user_version=" + std::to_string(newest)).c_str());
  transaction.commit();
}

void check_tables(Database& database) {
  const std::int64_t version = read_number(database, "PRAGMA user_version");
  if (version < 1 || version > static_cast<std::int64_t>(std::size(kSteps))) return;
  constexpr const char* kCount =
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN "
      "('conversation', 'turn', 'turn_text')";
  if (read_number(database, kCount) != 3) throw another_program(database);
}

}  // namespace rellama::history
