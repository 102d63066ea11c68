#include "batch/journal.hpp"

#include <system_error>
#include <utility>

#include "batch/journal_file.hpp"
#include "rellama/error.hpp"

namespace rellama::batch {
namespace {

namespace fs = std::filesystem;
using history::Database;
using history::Statement;

constexpr const char* kColumns =
    "SELECT number, coalesce(id, ''), offset, line, digest, state, sent_at, "
    "coalesce(prediction, ''), canceled, size IS NOT NULL FROM row ";

// SQLite's integers are signed.
std::int64_t as_signed(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

std::int64_t as_signed(RowState state) {
  return static_cast<std::int64_t>(state);
}

JournalRow read_row(const Statement& row) {
  return {.place = {.row = static_cast<std::size_t>(row.integer(0)),
                    .at = {.offset = static_cast<std::uint64_t>(row.integer(2)),
                           .line = static_cast<std::size_t>(row.integer(3))}},
          .id = row.text(1),
          .digest = static_cast<std::uint64_t>(row.integer(4)),
          .state = static_cast<RowState>(row.integer(5)),
          .sent_at = row.integer(6),
          .prediction = row.text(7),
          .canceled = row.integer(8) != 0,
          .written = row.integer(9) != 0};
}

std::optional<JournalRow> find_one(Statement& statement) {
  std::optional<JournalRow> found;
  if (statement.step()) found = read_row(statement);
  statement.reset();
  return found;
}

Database open_journal(const fs::path& path, Journal::Open open) {
  if (open == Journal::Open::existing) {
    return open_journal_file(path, Database::Open::existing);
  }
  if (!fs::exists(path)) return open_journal_file(path, Database::Open::create);
  throw Error(ErrorKind::invalid_input,
              {.failed = "there is a journal already: " + path.string(),
               .remedy = "continue that batch with --resume, or remove it with: rellama batch "
                         "delete " +
                         path.string()});
}

}  // namespace

WallTime wall_time_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

struct Journal::Statements {
  explicit Statements(const Database& database)
      : note(database.prepare("INSERT OR REPLACE INTO note (name, value) VALUES (?, ?)")),
        add(database.prepare("INSERT OR IGNORE INTO row (number, id, offset, line, digest) "
                             "VALUES (?, nullif(?, ''), ?, ?, ?)")),
        find(database.prepare(std::string(kColumns) + "WHERE number = ?")),
        knows(database.prepare(
            "SELECT 1 FROM row WHERE prediction = ?1 UNION ALL SELECT 1 FROM spent "
            "WHERE prediction = ?1")),
        find_id(database.prepare(std::string(kColumns) + "WHERE id = ?")),
        send(database.prepare("UPDATE row SET state = ?, sent_at = ? WHERE number = ?")),
        create(database.prepare("UPDATE row SET state = ?, prediction = ?, canceled = 0 "
                                "WHERE number = ?")),
        end(database.prepare("UPDATE row SET state = ?, kind = nullif(?, ''), "
                             "prediction = nullif(?, ''), result = ?, input_tokens = ?, "
                             "output_tokens = ?, seconds = ? WHERE number = ?")),
        write(database.prepare("UPDATE row SET at = ?, size = ?, "
                               "result = CASE WHEN ? THEN result END WHERE number = ?")) {}

  Statement note;
  Statement add;
  Statement find;
  Statement knows;
  Statement find_id;
  Statement send;
  Statement create;
  Statement end;
  Statement write;
};

Journal::Journal(const fs::path& path, Open open)
    : database_(open_journal(path, open)), statements_(std::make_unique<Statements>(database_)) {}

Journal::~Journal() {
  statements_.reset();
  try {
    if (in_transaction_) database_.execute("COMMIT");
    database_.execute("PRAGMA journal_mode=DELETE");  // one file is left
  } catch (const Error&) {                            // what was committed is there
  }
}

void Journal::begin() {
  if (std::exchange(in_transaction_, true)) return;
  database_.execute("BEGIN");
}

void Journal::commit() {
  if (!in_transaction_) return;
  database_.execute("COMMIT");
  in_transaction_ = false;
}

void Journal::note(std::string_view name, std::string_view value) {
  begin();
  statements_->note.bind(name, value).run();
}

std::optional<std::string> Journal::find_note(std::string_view name) {
  Statement statement = database_.prepare("SELECT value FROM note WHERE name = ?");
  statement.bind(name);
  if (!statement.step()) return std::nullopt;
  return statement.text(0);
}

std::optional<JournalRow> Journal::add(const Record& record) {
  begin();
  statements_->add
      .bind(as_signed(record.place.row), record.id, as_signed(record.place.at.offset),
            as_signed(record.place.at.line), as_signed(record.digest))
      .run();
  if (database_.changes() > 0) return std::nullopt;
  return find_one(statements_->find_id.bind(record.id));
}

std::optional<JournalRow> Journal::find(std::size_t row) {
  return find_one(statements_->find.bind(as_signed(row)));
}

Totals Journal::totals() {
  Statement statement = database_.prepare(
      "SELECT state, count(*), sum(state >= 3 AND size IS NULL), total(input_tokens), "
      "total(output_tokens), total(seconds) FROM row GROUP BY state");
  Totals totals;
  while (statement.step()) {
    const std::int64_t count = statement.integer(1);
    totals.rows += count;
    switch (static_cast<RowState>(statement.integer(0))) {
      case RowState::planned: break;
      case RowState::sending: totals.unclear += count; break;
      case RowState::created: totals.running += count; break;
      case RowState::answered: totals.answered += count; break;
      case RowState::failed: totals.failed += count; break;
    }
    totals.unwritten += statement.integer(2);
    totals.input_tokens += statement.integer(3);
    totals.output_tokens += statement.integer(4);
    totals.seconds += statement.find_number(5).value_or(0);
  }
  return totals;
}

void Journal::record_sends(const std::vector<std::size_t>& rows) {
  if (rows.empty()) return;
  commit();
  // Cannot be changed within a transaction.
  database_.execute("PRAGMA synchronous=FULL");
  begin();
  const WallTime now = wall_time_now();
  for (const std::size_t row : rows) {
    statements_->send.bind(as_signed(RowState::sending), now, as_signed(row)).run();
  }
  commit();
  database_.execute("PRAGMA synchronous=NORMAL");
}

void Journal::record_created(std::size_t row, const PredictionId& id) {
  begin();
  statements_->create.bind(as_signed(RowState::created), id.value, as_signed(row)).run();
}

void Journal::record_unsent(std::size_t row) {
  begin();
  statements_->send.bind(as_signed(RowState::planned), std::int64_t{0}, as_signed(row)).run();
}

void Journal::record_canceled(std::size_t row) {
  begin();
  database_.prepare("UPDATE row SET canceled = 1 WHERE number = ?").bind(as_signed(row)).run();
}

void Journal::record_spent(std::size_t row, const PredictionId& id) {
  begin();
  database_.prepare("INSERT OR IGNORE INTO spent (prediction) VALUES (?)").bind(id.value).run();
  database_
      .prepare(
          "UPDATE row SET state = 0, sent_at = 0, prediction = NULL, canceled = 0 "
          "WHERE number = ?")
      .bind(as_signed(row))
      .run();
}

void Journal::record_end(std::size_t row, const RowResult& result) {
  begin();
  statements_->end
      .bind(as_signed(result.answered ? RowState::answered : RowState::failed), result.kind,
            result.prediction, result.text, result.input_tokens, result.output_tokens,
            result.seconds, as_signed(row))
      .run();
}

void Journal::record_written(const std::vector<Segment>& segments) {
  begin();
  for (const Segment& segment : segments) {
    statements_->write
        .bind(as_signed(segment.offset), as_signed(segment.size), std::int64_t{keeps_results_},
              as_signed(segment.row))
        .run();
  }
}

bool Journal::write_again() {
  {
    Statement lost = database_.prepare(
        "SELECT 1 FROM row WHERE state >= 3 AND size IS NOT NULL AND result IS NULL LIMIT 1");
    if (lost.step()) return false;
  }
  begin();
  database_.execute("UPDATE row SET at = NULL, size = NULL WHERE state >= 3");
  return true;
}

void Journal::for_each_row(const std::function<void(std::size_t, const std::string&)>& call) {
  Statement statement =
      database_.prepare("SELECT number, coalesce(id, '') FROM row ORDER BY number");
  while (statement.step()) call(static_cast<std::size_t>(statement.integer(0)), statement.text(1));
}

std::vector<JournalRow> Journal::under_way() {
  Statement statement =
      database_.prepare(std::string(kColumns) + "WHERE state IN (1, 2) ORDER BY sent_at, number");
  std::vector<JournalRow> rows;
  while (statement.step()) rows.push_back(read_row(statement));
  return rows;
}

bool Journal::knows(std::string_view prediction) {
  const bool is_known = statements_->knows.bind(prediction).step();
  statements_->knows.reset();
  return is_known;
}

std::string Journal::result_of(std::size_t row) {
  Statement statement = database_.prepare("SELECT result FROM row WHERE number = ?");
  return statement.bind(as_signed(row)).step() ? statement.text(0) : std::string();
}

std::vector<std::size_t> Journal::unwritten() {
  Statement statement =
      database_.prepare("SELECT number FROM row WHERE state >= 3 AND size IS NULL ORDER BY number");
  std::vector<std::size_t> rows;
  while (statement.step()) rows.push_back(static_cast<std::size_t>(statement.integer(0)));
  return rows;
}

std::vector<Segment> Journal::segments() {
  Statement statement =
      database_.prepare("SELECT number, at, size FROM row WHERE size IS NOT NULL ORDER BY at");
  std::vector<Segment> segments;
  while (statement.step()) {
    segments.push_back({.row = static_cast<std::size_t>(statement.integer(0)),
                        .offset = static_cast<std::uint64_t>(statement.integer(1)),
                        .size = static_cast<std::uint64_t>(statement.integer(2))});
  }
  return segments;
}

std::int64_t Journal::retry_failed() {
  begin();
  database_.execute(
      "INSERT OR IGNORE INTO spent SELECT prediction FROM row WHERE state = 4 AND prediction IS "
      "NOT NULL");
  // A create that may have started a run is looked up first.
  database_
      .prepare(
          "UPDATE row SET state = CASE kind WHEN 'may_have_started' THEN 1 ELSE 0 END, "
          "prediction = NULL, canceled = 0, kind = NULL, result = NULL, at = NULL, "
          "size = NULL WHERE state = 4")
      .run();
  return database_.changes();
}

void Journal::release() {
  commit();
  database_.execute("PRAGMA synchronous=OFF");
}

void remove_journal(const fs::path& path) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal", ".input", kStatusSuffix}) {
    fs::remove(path.string() + suffix, ignored);
  }
}

}  // namespace rellama::batch
