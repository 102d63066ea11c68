#include "batch/day_ledger.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <limits>
#include <utility>

namespace rellama::batch {
namespace {

constexpr history::DatabaseWords kLedgerWords{.name = "the record of today's batches",
                                              .remedy = "move it away to start a new one",
                                              .otherwise = "",
                                              .in_use_remedy = "end that program"};

// By the clock on the user's wall.
std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  ::localtime_r(&now, &local);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", &local);
  return text.data();
}

// The limits are amounts that people write; sums of doubles differ from them in the last digits.
constexpr double kTolerance = 1e-9;

}  // namespace

DayLedger::DayLedger(const std::filesystem::path& file, std::string batch,
                     std::optional<std::int64_t> most_predictions)
    : database_(file, history::Database::Open::create, std::chrono::seconds(5), kLedgerWords),
      batch_(std::move(batch)),
      most_(most_predictions.value_or(std::numeric_limits<std::int64_t>::max())) {
  database_.execute(
      "PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS day (day TEXT PRIMARY KEY, "
      "predictions INTEGER NOT NULL DEFAULT 0, cost REAL NOT NULL DEFAULT 0) WITHOUT ROWID; "
      "CREATE TABLE IF NOT EXISTS reserved (batch TEXT PRIMARY KEY, day TEXT NOT NULL, "
      "cost REAL NOT NULL) WITHOUT ROWID");
}

std::optional<DayLedger::Cost> DayLedger::reserve(double most, double limit) {
  const std::string day = today();
  history::Transaction transaction(database_);
  Cost cost;
  {
    auto spent = database_.prepare("SELECT cost FROM day WHERE day = ?");
    if (spent.bind(day).step()) cost.spent = spent.find_number(0).value_or(0);
    auto others =
        database_.prepare("SELECT total(cost) FROM reserved WHERE day = ? AND batch <> ?");
    if (others.bind(day, batch_).step()) cost.reserved = others.find_number(0).value_or(0);
  }
  if (cost.spent + cost.reserved + most > limit + kTolerance) return cost;
  database_.prepare("INSERT OR REPLACE INTO reserved (batch, day, cost) VALUES (?, ?, ?)")
      .bind(batch_, day, most)
      .run();
  transaction.commit();
  return std::nullopt;
}

void DayLedger::release() {
  history::Transaction transaction(database_);
  database_.prepare("DELETE FROM reserved WHERE batch = ?").bind(batch_).run();
  transaction.commit();
}

bool DayLedger::take() {
  const std::string day = today();
  history::Transaction transaction(database_);
  database_.prepare("INSERT OR IGNORE INTO day (day) VALUES (?)").bind(day).run();
  database_
      .prepare("UPDATE day SET predictions = predictions + 1 WHERE day = ? AND predictions < ?")
      .bind(day, most_)
      .run();
  const bool taken = database_.changes() > 0;
  transaction.commit();
  return taken;
}

void DayLedger::give_back() {
  history::Transaction transaction(database_);
  database_
      .prepare("UPDATE day SET predictions = predictions - 1 WHERE day = ? AND predictions > 0")
      .bind(today())
      .run();
  transaction.commit();
}

// What was spent is no longer reserved, so that the sum stays.
void DayLedger::add_cost(double dollars) {
  const std::string day = today();
  history::Transaction transaction(database_);
  database_.prepare("INSERT OR IGNORE INTO day (day) VALUES (?)").bind(day).run();
  database_.prepare("UPDATE day SET cost = cost + ? WHERE day = ?").bind(dollars, day).run();
  database_.prepare("UPDATE reserved SET cost = max(0, cost - ?), day = ? WHERE batch = ?")
      .bind(dollars, day, batch_)
      .run();
  transaction.commit();
}

}  // namespace rellama::batch
